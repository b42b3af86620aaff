import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readJson, writeJson, writeLink } from "./files.mjs";
import { PROJECT, stateFolder } from "./project.mjs";
import { SetupError } from "./failure.mjs";

/**
 * A folder with a link to each tool that the set-up found or made, and nothing else. It goes before the user's search
 * path, so that `pulumi` and `docker` are those, and no other program of their folders moves to the front.
 * @param {string} project
 */
const toolFolder = (project) => join(stateFolder(project), "bin");

/** @param {string} project */
const engineFile = (project) => join(stateFolder(project), "engine.json");

/**
 * Keeps which tools the set-up has found or made, and the variables that select the engine.
 * @type {(project: string, tools: {pulumi: string, docker: string}, engine: Record<string, string>) => void}
 */
export function remember(project, tools, engine) {
  for (const [name, path] of Object.entries(tools)) writeLink(join(toolFolder(project), name), path);
  writeJson(engineFile(project), engine);
}

/**
 * The variables that Pulumi needs beyond the user's own: state in a local file backend in a folder and an empty
 * passphrase. The user's backend wins (PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN, `pulumi login`), and so does the
 * user's passphrase (PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE).
 * @param {NodeJS.ProcessEnv} env
 * @param {{folder: string, home: string}} places
 */
export function backendVariables(env, { folder, home }) {
  /** @type {Record<string, string>} */
  const variables = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const users = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(home, ".pulumi");
  const chosen = env.PULUMI_BACKEND_URL || env.PULUMI_ACCESS_TOKEN;
  if (!chosen && !readJson(join(users, "credentials.json"))?.current)
    variables.PULUMI_BACKEND_URL = pathToFileURL(folder).href;
  if ((env.PULUMI_CONFIG_PASSPHRASE ?? env.PULUMI_CONFIG_PASSPHRASE_FILE) === undefined)
    variables.PULUMI_CONFIG_PASSPHRASE = "";
  return variables;
}

/**
 * The environment in which `pulumi` and `docker` are the tools of the set-up and Pulumi keeps its state inside the
 * project (unless the user has a backend or a passphrase). The engine is the set-up's too, unless the user has chosen
 * another one since.
 * @param {{project?: string, env?: NodeJS.ProcessEnv}} [options]
 * @throws {SetupError} when there was no set-up, or a tool has gone since
 */
export function environment({ project = PROJECT, env = process.env } = {}) {
  const tools = toolFolder(project);
  const [pulumi, docker] = [join(tools, "pulumi"), join(tools, "docker")];
  if (!existsSync(pulumi) || !existsSync(docker))
    throw new SetupError("The set-up has not run here, or a tool has gone since: run `npm run setup`.");
  const folder = stateFolder(project);
  mkdirSync(folder, { recursive: true });
  // The launcher of dynamic providers: the one beside the CLI, where there is one, else the one of the npm package.
  const launchers = [dirname(realpathSync(pulumi)), join(project, "node_modules", "@pulumi", "pulumi")];
  const PATH = [tools, ...(env.PATH ? [env.PATH] : []), ...launchers].join(delimiter);
  const remembered = env.DOCKER_HOST || env.DOCKER_CONTEXT ? null : readJson(engineFile(project));
  /** @type {Record<string, string>} */
  const engine = {};
  for (const [name, value] of Object.entries(remembered ?? {})) engine[name] = String(value);
  const backend = backendVariables(env, { folder, home: homedir() });
  return { pulumi, docker, env: { ...env, ...engine, ...backend, PATH } };
}
