import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { startDaemon, waitFor } from "./daemon.mjs";
import { chooseDocker, chosenEndpoint, dockerFacts, engineSentence } from "./docker-found.mjs";
import { readText } from "./files.mjs";
import { adminPath, findFirst, shortVersion } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt } from "./run.mjs";

/** Newer Debian and Ubuntu releases have the client and its build plugin in packages of their own. */
const PACKAGES = ["docker.io", "iptables"];
const PACKAGES_OF_SOME = ["docker-cli", "docker-buildx"];

/**
 * Removes a pid file that an engine which was killed has left, and whose number another process may have by now:
 * dockerd would take that one for itself and refuse to start. One whose process still has the name stays.
 * @type {(file: string, name: string) => void}
 */
export function clearStalePid(file, name) {
  const pid = Number.parseInt(readText(file) ?? "", 10);
  if (readText(`/proc/${pid}/comm`)?.trim() !== name) rmSync(file, { force: true });
}

/** Asks the system's service manager, where there is one that works. @param {Context} context */
async function startService(context) {
  const options = { ...context, timeout: 60_000 };
  if (existsSync("/run/systemd/system")) return (await attempt("systemctl", ["start", "docker"], options)).ok;
  return existsSync("/etc/init.d/docker") && (await attempt("service", ["docker", "start"], options)).ok;
}

/**
 * Starts dockerd as a service where that works, else in the background.
 * @type {(dockerd: string, context: Context, answers: () => Promise<boolean>) => Promise<string>}
 */
async function startEngine(dockerd, context, answers) {
  if ((await startService(context)) && (await waitFor(answers, 15, context.signal))) return "service";
  clearStalePid("/var/run/docker.pid", "dockerd");
  clearStalePid("/var/run/docker/containerd/containerd.pid", "containerd");
  const folder = join(context.cache, "engine");
  await startDaemon({ program: dockerd, args: [], folder, name: "dockerd" }, context, answers);
  return "background process";
}

/** Installs what is missing and starts it; only as root, on the machine itself. @param {Context} context */
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
  return { did: did.join(" and ") || "found", how };
}

/**
 * A container engine that answers and a docker CLI that can build with it: what is there first; else, as root, the
 * installed one is started or Debian's is installed. An engine that the user has chosen (DOCKER_HOST, a context) is
 * never replaced by another one.
 * @type {(context: Context) => Promise<{docker: DockerFacts, text: string, detail: string}>}
 * @throws {SetupError} one sentence on what to do where the set-up can't help
 */
export async function engine(context) {
  let choice = chooseDocker(await dockerFacts(context));
  let [did, how] = ["found", ""];
  if (choice.kind !== "usable") {
    const endpoint = await chosenEndpoint(context);
    const isInstalled = choice.kind !== "no-client" && findFirst("dockerd", adminPath(context.env)) !== null;
    const canHelp = canInstall() || (isInstalled && process.getuid?.() === 0);
    const isOurs = endpoint === null && choice.kind !== "no-build" && process.platform === "linux" && canHelp;
    if (!isOurs) throw new SetupError(engineSentence(choice, endpoint));
    ({ did, how } = await bringUp(context));
    choice = chooseDocker(await dockerFacts(context));
    if (choice.kind !== "usable") throw new SetupError(engineSentence(choice, endpoint));
  }
  const { docker } = choice;
  const text = `${did} Docker ${shortVersion(docker.server ?? "")}`;
  return { docker, text, detail: `${docker.path}${how}` };
}
