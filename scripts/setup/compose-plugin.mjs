import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logFile } from "./cache.mjs";
import { cliPlugin, endpointOf, linkPlugin } from "./cli-plugin.mjs";
import { SetupError } from "./failure.mjs";
import { COMPOSE_BINARIES, COMPOSE_SOURCE, COMPOSE_VERSION } from "./pins.mjs";
import { stateFolder } from "./project.mjs";
import { tilde } from "./report.mjs";

const binary = (name, platform) => ({
  url: `${COMPOSE_SOURCE}/docker-compose-${name}`,
  sha256: COMPOSE_BINARIES[platform],
});

/** @type {import("./cli-plugin.mjs").CliPlugin} */
const COMPOSE = {
  name: "compose",
  version: COMPOSE_VERSION,
  // Old enough to be found in the distributions of today; `config` can leave paths as they are written.
  oldest: "2.20.0",
  binaries: {
    "linux-x64": binary("linux-x86_64", "linux-x64"),
    "linux-arm64": binary("linux-aarch64", "linux-arm64"),
  },
  from: "github.com/docker/compose/v5/cmd",
  variable: "github.com/docker/compose/v5/internal.Version",
};

/**
 * `docker compose` for the tests, in a configuration of the docker CLI of its own. Which variables select it, or why
 * there is none, is in a file that the tests read; where there is none the set-up goes on.
 * @param {object} context
 * @param {string} context.project
 * @param {string} context.cache
 * @param {AbortSignal} context.signal
 * @param {import("./docker-found.mjs").DockerFacts} context.docker
 * @param {NodeJS.ProcessEnv} [context.env]
 * @param {(text: string) => void} say
 * @returns {Promise<{text: string, detail?: string}>}
 */
export async function composePlugin({ project, cache, signal, docker, env = process.env }, say) {
  const log = logFile(cache, "compose");
  const write = (content) => {
    const file = join(stateFolder(project), "compose.json");
    mkdirSync(stateFolder(project), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${file}.${process.pid}`, file);
  };
  try {
    const plugin = await cliPlugin(COMPOSE, { cache, signal, docker, env, log }, say);
    const config = join(cache, "compose", "docker");
    linkPlugin(config, "compose", plugin.path);
    const host = await endpointOf(docker.path, { env, signal });
    write({ environment: { DOCKER_CONFIG: config, DOCKER_HOST: host } });
    return { text: plugin.how };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    write({ reason: error.message });
    return { text: `none: ${error.message}`, detail: `only the tests need it; log: ${tilde(log)}` };
  }
}
