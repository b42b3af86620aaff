import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { logFile } from "./cache.mjs";
import { chooseDocker, chosenEndpoint, dockerFacts } from "./docker-found.mjs";
import { findDockerd, startEngine } from "./dockerd.mjs";
import { engineSentence } from "./engine-words.mjs";
import { SetupError, StoppedError } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { tilde } from "./report.mjs";
import { shortVersion } from "./versions.mjs";

/** Newer Debian and Ubuntu releases have the client and its build plugin in packages of their own. */
const PACKAGES = ["docker.io", "iptables"];
const PACKAGES_OF_SOME = ["docker-cli", "docker-buildx"];

/** @param {import("./docker-found.mjs").DockerFacts} docker @param {string} did @param {string} [how] */
function outcome(docker, did, how = "") {
  return {
    docker,
    text: `${did} Docker ${shortVersion(docker.server ?? "")}`,
    detail: `${docker.path}${how}`,
  };
}

/** Installs what is missing and starts it; only as root, on the machine itself. */
async function bringUp({ cache, signal, env }, say) {
  const log = logFile(cache, "engine");
  const did = [];
  let how = "";
  let dockerd = findDockerd(env.PATH);
  const hasClient = (await dockerFacts(env, signal)).some((facts) => facts.client !== "");
  if (!dockerd || !hasClient) {
    say(`installing ${PACKAGES.join(" and ")} with apt-get (log: ${tilde(log)})`);
    await install(PACKAGES, PACKAGES_OF_SOME, { log });
    did.push("installed");
    dockerd = findDockerd(env.PATH);
  }
  if (signal.aborted) throw new StoppedError();
  const answers = async () => (await dockerFacts(env, signal)).some((facts) => facts.server !== null);
  if (!(await answers())) {
    if (!dockerd)
      throw new SetupError("The package docker.io has no dockerd: install Docker, or set DOCKER_HOST.");
    say("starting dockerd");
    how = `, dockerd runs as a ${await startEngine({ dockerd, cache, signal, answers })}`;
    did.push("started");
  }
  return { did: did.join(" and ") || "found", how };
}

/**
 * A container engine that answers and a docker CLI that can build with it: what is there first; else, as root, the
 * installed one is started or Debian's is installed. An engine that the user has chosen (DOCKER_HOST, a context) is
 * never replaced by another one.
 * @param {{cache: string, signal: AbortSignal, env?: NodeJS.ProcessEnv}} context
 * @param {(text: string) => void} say
 * @returns {Promise<{docker: import("./docker-found.mjs").DockerFacts, text: string, detail: string}>}
 * @throws {SetupError} one sentence on what to do where the set-up can't help
 */
export async function engine({ cache, signal, env = process.env }, say) {
  const first = chooseDocker(await dockerFacts(env, signal));
  if (first.kind === "usable") return outcome(first.docker, "found");
  const endpoint = chosenEndpoint(env);
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const canHelp = isRoot && (canInstall() || (findDockerd(env.PATH) !== null && first.kind !== "no-client"));
  if (endpoint !== null || first.kind === "no-build" || !canHelp) {
    throw new SetupError(engineSentence(first, { endpoint }));
  }
  const onWait = (pid) => say(`waiting for the set-up of process ${pid}, which is starting it`);
  const work = () => bringUp({ cache, signal, env }, say);
  const { did, how } = await withLock(join(cache, "locks", "engine"), work, { signal, onWait });
  const now = chooseDocker(await dockerFacts(env, signal));
  if (now.kind === "usable") return outcome(now.docker, did, how);
  throw new SetupError(engineSentence(now, { endpoint }));
}
