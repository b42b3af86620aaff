import { existsSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { clearStalePid, startDaemon, waitFor } from "./daemon.mjs";
import { chooseDocker, chosenEndpoint, clientFor, dockerFacts, engineSentence } from "./docker-found.mjs";
import { newestRelease } from "./engine-release.mjs";
import { privateEngine } from "./private-engine.mjs";
import { adminPath, findFirst, shortVersion } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt } from "./run.mjs";

/** Newer Debian and Ubuntu releases have the client and its build plugin in packages of their own. */
const PACKAGES = ["docker.io", "iptables"];
const PACKAGES_OF_SOME = ["docker-cli", "docker-buildx"];

/** Asks the system's service manager, where there is one that works. @param {Context} context */
async function startService(context) {
  const options = { ...context, timeout: 60_000 };
  if (existsSync("/run/systemd/system")) return (await attempt("systemctl", ["start", "docker"], options)).ok;
  return existsSync("/etc/init.d/docker") && (await attempt("service", ["docker", "start"], options)).ok;
}

/** Starts dockerd as a service where that works, else in the background. @type {(dockerd: string, context: Context, answers: () => Promise<boolean>) => Promise<string>} */
async function startEngine(dockerd, context, answers) {
  if ((await startService(context)) && (await waitFor(answers, 15, context.signal))) return "service";
  clearStalePid("/var/run/docker.pid", "dockerd");
  clearStalePid("/var/run/docker/containerd/containerd.pid", "containerd");
  const folder = join(context.cache, "engine");
  await startDaemon({ program: dockerd, args: [], folder, name: "dockerd" }, context, answers);
  return "background process";
}

/** Starts the machine's own engine, which is installed; else installs the distribution's. @param {Context} context */
async function bringUp(context) {
  const { say, log, signal, env } = context;
  const did = [];
  let how = "";
  const dockerd = () => findFirst("dockerd", adminPath(env));
  if (!dockerd() || !(await dockerFacts(context)).some(({ client }) => client !== "")) {
    say(`installing ${PACKAGES.join(" and ")} with apt-get (log: ${log})`);
    await install(PACKAGES, context, PACKAGES_OF_SOME);
    did.push("installed");
  }
  signal.throwIfAborted();
  const answers = async () => (await dockerFacts(context)).some(({ server }) => server !== null);
  if (!(await answers())) {
    const program = dockerd();
    if (!program)
      throw new SetupError("The package docker.io has no dockerd: install Docker, or set DOCKER_HOST.");
    say("starting dockerd");
    how = `, dockerd runs as a ${await startEngine(program, context, answers)}`;
    did.push("started");
  }
  const choice = chooseDocker(await dockerFacts(context));
  if (choice.kind !== "usable") throw new SetupError(engineSentence(choice, null));
  const { docker } = choice;
  const text = `${did.join(" and ")} ${nameOf(docker)}`;
  return { docker, environment: {}, text, detail: docker.path + how };
}

/** @param {DockerFacts} docker */
const nameOf = (docker) => `Docker ${shortVersion(docker.server ?? "")}`;

const isRoot = () => process.platform === "linux" && process.getuid?.() === 0;

/**
 * An engine of this project's own in the cache folder, of a release of today. It stays, beside any other engine.
 * @type {(context: Context) => Promise<Engine>}
 * @throws {SetupError} where there can be none
 */
export async function ownEngine(context) {
  if (!isRoot()) throw new SetupError("A container engine can be started as root on Linux only.");
  const release = await newestRelease(context);
  const { environment, started, pidFile } = await privateEngine("containerd", release, "containerd", context);
  const docker = await clientFor(release.docker, { ...context, env: { ...context.env, ...environment } });
  const text = `${started ? "started" : "found"} ${nameOf(docker)} of this project's own`;
  const client = docker.path === release.docker ? "" : `, with your ${docker.path} ${docker.client}`;
  const detail = `${release.how}${client}, dockerd runs as a background process, see ${pidFile}`;
  return { docker, environment, text, detail };
}

/** As root where no engine is installed: one of the project's own, or else the distribution's. @type {(context: Context) => Promise<Engine>} */
async function newEngine(context) {
  try {
    return await ownEngine(context);
  } catch (error) {
    if (!(error instanceof SetupError) || !canInstall()) throw error;
    context.say(`no engine of this project's own: ${error.message}`);
    return bringUp(context);
  }
}

/** @typedef {{docker: DockerFacts, environment: Record<string, string>, text: string, detail: string}} Engine */

/**
 * A container engine that answers, a docker CLI that can build with it, and the variables that select it: what runs
 * already is taken first; else, as root on Linux, what is installed is started; else an engine of this project's own is
 * fetched and started. An engine that the user has chosen (DOCKER_HOST, a context) is never replaced by another one.
 * @type {(context: Context) => Promise<Engine>}
 * @throws {SetupError} one sentence on what to do where the set-up can't help
 */
export async function engine(context) {
  const choice = chooseDocker(await dockerFacts(context));
  if (choice.kind === "usable") {
    const { docker } = choice;
    return { docker, environment: {}, text: `found ${nameOf(docker)}`, detail: docker.path };
  }
  const endpoint = await chosenEndpoint(context);
  const isInstalled = choice.kind !== "no-client" && findFirst("dockerd", adminPath(context.env)) !== null;
  if (endpoint !== null || choice.kind === "no-build" || !isRoot())
    throw new SetupError(engineSentence(choice, endpoint));
  return isInstalled ? bringUp(context) : newEngine(context);
}
