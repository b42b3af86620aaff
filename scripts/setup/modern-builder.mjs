import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildxPlugin } from "./buildx-plugin.mjs";
import { socketOf, startBuildkitd } from "./buildkitd.mjs";
import { logFile } from "./cache.mjs";
import { endpointOf, linkPlugin } from "./cli-plugin.mjs";
import { SetupError } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { BUILDKIT_IMAGE, BUILDKIT_VERSION } from "./pins.mjs";
import { stateFolder } from "./project.mjs";
import { tilde } from "./report.mjs";
import { attempt, lastLines } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";

/** What the tests' second builder is called. */
const NAME = "verified-images-tests";
const PULL_TIMEOUT = 180_000;

/** The file in which the tests find the second builder, or why there is none. @param {string} project */
function factsFile(project) {
  return join(stateFolder(project), "builder.json");
}

function write(file, content) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(unfinished, file);
}

/** The version of the builder's BuildKit if it runs and is new enough, else null. */
async function running(docker, options) {
  const asked = await attempt(docker, ["buildx", "inspect", NAME], { ...options, timeout: 30_000 });
  if (!asked.ok || !/^Status:\s+running$/m.test(asked.stdout)) return null;
  const version = /^BuildKit version:\s+v?(\S+)$/m.exec(asked.stdout)?.[1] ?? "";
  return isAtLeast(version, BUILDKIT_VERSION) ? version : null;
}

/** Makes the builder: the official image in a container, else a daemon that is built here. */
async function make({ docker, options, context }, say) {
  const { path } = docker;
  const create = async (...args) => {
    await attempt(path, ["buildx", "rm", "--force", NAME], options);
    return attempt(path, ["buildx", "create", "--name", NAME, ...args], options);
  };
  say(`pulling ${BUILDKIT_IMAGE}`);
  const pulled = await attempt(path, ["pull", "--quiet", BUILDKIT_IMAGE], {
    ...options,
    timeout: PULL_TIMEOUT,
  });
  const created = pulled.ok
    ? await create("--driver", "docker-container", "--driver-opt", `image=${BUILDKIT_IMAGE}`, "--bootstrap")
    : pulled;
  if (created.ok && (await running(path, options)) !== null)
    return `in a container of ${BUILDKIT_IMAGE}, which stays`;
  const reason = lastLines(created.stderr, 1)[0] ?? created.ending;
  say(`no BuildKit in a container: ${reason}`);
  const remote = await create("--driver", "remote", `unix://${socketOf(context.cache)}`);
  if (!remote.ok) throw new SetupError(`docker buildx create failed (${lastLines(remote.stderr, 1)[0]})`);
  const answers = async () => (await running(path, options)) !== null;
  if (await answers()) return "buildkitd was running";
  const pidFile = await startBuildkitd(context, say, answers);
  return `buildkitd runs as a background process, see ${tilde(pidFile)}`;
}

/**
 * A BuildKit of a new release beside the engine, for the tests, in a configuration of the docker CLI of its own. What
 * runs is taken; else the official image is pulled; else, as root on Linux, BuildKit is built and started. Where none
 * of that works the set-up goes on, and the tests say that they lack it.
 * @param {object} context
 * @param {string} context.project
 * @param {string} context.cache
 * @param {AbortSignal} context.signal
 * @param {import("./docker-found.mjs").DockerFacts} context.docker
 * @param {NodeJS.ProcessEnv} [context.env]
 * @param {(text: string) => void} say
 * @returns {Promise<{text: string, detail?: string}>}
 */
export async function modernBuilder({ project, cache, signal, docker, env = process.env }, say) {
  const log = logFile(cache, "builder");
  const file = factsFile(project);
  mkdirSync(stateFolder(project), { recursive: true });
  const work = async () => {
    const plugin = await buildxPlugin({ cache, signal, docker, env, log }, say);
    const config = join(cache, "builder", "docker");
    linkPlugin(config, "buildx", plugin.path);
    const host = await endpointOf(docker.path, { env, signal });
    const { BUILDX_BUILDER: _, ...others } = env;
    const options = { env: { ...others, DOCKER_CONFIG: config, DOCKER_HOST: host }, log, signal };
    const found = await running(docker.path, options);
    const how =
      found === null ? await make({ docker, options, context: { cache, signal, env, log } }, say) : "";
    const version = found ?? (await running(docker.path, options));
    if (version === null) throw new SetupError("the builder does not answer");
    write(file, { environment: { DOCKER_CONFIG: config, DOCKER_HOST: host, BUILDX_BUILDER: NAME } });
    return {
      text: `${found === null ? "made" : "found"} BuildKit ${version} beside the engine`,
      detail: [plugin.how, ...(how === "" ? [] : [how])].join(", "),
    };
  };
  const onWait = (pid) => say(`waiting for the set-up of process ${pid}, which is making it`);
  try {
    return await withLock(join(cache, "locks", "builder"), work, { signal, onWait });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    write(file, { reason: error.message });
    return {
      text: `none beside the engine: ${error.message}`,
      detail: `only the tests need it; log: ${tilde(log)}`,
    };
  }
}
