import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { backendVariables } from "./backend.mjs";
import { cacheFolder } from "./cache.mjs";
import { SetupError } from "./failure.mjs";
import { PROJECT, stateFolder } from "./project.mjs";
import { remembered } from "./remembered.mjs";
import { extendedPath, linkFolder } from "./search-path.mjs";

/**
 * The tools that the set-up found or made, and the environment in which `pulumi` and `docker` are those and Pulumi
 * keeps its state inside the project (unless the user has a backend or a passphrase).
 * @param {{project?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {{pulumi: string, docker: string, env: NodeJS.ProcessEnv}}
 * @throws {SetupError} when there was no set-up, or a tool has gone since
 */
export function environment({ project = PROJECT, env = process.env } = {}) {
  const tools = remembered(project);
  if (!tools)
    throw new SetupError("The set-up has not run here, or a tool has gone since: run `npm run setup`.");
  const folder = stateFolder(project);
  mkdirSync(folder, { recursive: true });
  const PATH = extendedPath(env.PATH, {
    ...tools,
    dockerFolder: () => linkFolder(cacheFolder(env), tools.docker),
    launcherFolder: join(project, "node_modules", "@pulumi", "pulumi"),
  });
  return { ...tools, env: { ...env, ...backendVariables(env, { folder, home: homedir() }), PATH } };
}
