import { join } from "node:path";
import { parseObject, propertiesOf, writeJson, writeLink } from "./files.mjs";
import { pinnedTool } from "./pinned-tool.mjs";
import { COMPOSE } from "./pins.mjs";
import { isAtLeast } from "./programs.mjs";
import { stateFolder } from "./project.mjs";
import { SetupError } from "./failure.mjs";
import { attempt } from "./run.mjs";

/** @import { PinnedTool } from "./pins.mjs" */
/** @import { Context, Outcome } from "./report.mjs" */

/** The variables with which the tests use a tool. @typedef {{environment: Record<string, string>}} Found */

/** Old enough to be found in the distributions of today; its `config` can leave paths as they are written. */
const OLDEST_COMPOSE = "2.20.0";

/**
 * The plugin that a docker CLI finds by itself, if it is new enough.
 * @type {(docker: string, name: string, oldest: string, context: Context) => Promise<string | null>}
 */
async function foundPlugin(docker, name, oldest, context) {
  const { stdout } = await attempt(docker, ["info", "--format", "{{json .ClientInfo}}"], context);
  const { Plugins } = parseObject(stdout);
  const plugins = Array.isArray(Plugins) ? Plugins.map((plugin) => propertiesOf(plugin)) : [];
  const plugin = plugins.find(({ Name, Err }) => Name === name && !Err);
  return plugin && isAtLeast(String(plugin.Version), oldest) ? String(plugin.Path) : null;
}

/**
 * Puts a plugin of the docker CLI, the CLI's own or a pinned one, into a configuration of its own in the cache: the
 * user's stays as it is. Such a configuration does not know the user's contexts, so it names the engine.
 * @type {(tool: PinnedTool, oldest: string, folder: string, docker: string, context: Context) => Promise<Found & {how: string}>}
 */
export async function withPlugin(tool, oldest, folder, docker, context) {
  const found = await foundPlugin(docker, tool.name, oldest, context);
  const { path, how } = found ? { path: found, how: `found ${tool.name}` } : await pinnedTool(tool, context);
  const config = join(context.cache, folder, "docker");
  writeLink(join(config, "cli-plugins", `docker-${tool.name}`), path);
  const inspect = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const host = context.env.DOCKER_HOST || (await attempt(docker, inspect, context)).stdout.trim();
  return { how, environment: { DOCKER_CONFIG: config, DOCKER_HOST: host } };
}

/**
 * Does what only the tests need. Which variables select the tool, or why there is none, is in `.state/<name>.json`,
 * which the tests read; where there is none the set-up goes on.
 * @type {(name: string, context: Context, work: () => Promise<Outcome & Found>) => Promise<Outcome>}
 */
export async function forTests(name, { project, log }, work) {
  const file = join(stateFolder(project), `${name}.json`);
  try {
    const { environment, ...outcome } = await work();
    writeJson(file, { environment });
    return outcome;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    writeJson(file, { reason: error.message });
    return { text: `none: ${error.message}`, detail: `only the tests need it; log: ${log}` };
  }
}

/** `docker compose` for the tests. @type {(context: Context, docker: string) => Promise<Outcome>} */
export function compose(context, docker) {
  return forTests("compose", context, async () => {
    const { how, environment } = await withPlugin(COMPOSE, OLDEST_COMPOSE, "compose", docker, context);
    return { text: how, environment };
  });
}
