import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { install } from "./apt.mjs";
import { clearStalePid, startDaemon } from "./daemon.mjs";
import { ownNetwork } from "./engine-network.mjs";
import { writeJson, writeLink } from "./files.mjs";
import { adminPath, findFirst } from "./programs.mjs";
import { attempt } from "./run.mjs";

/** How an engine keeps its images: with containerd, as Docker does from 29 on, or as before. @typedef {"containerd" | "graph driver"} ImageStore */

/** The storage driver of each. @type {Record<ImageStore, string>} */
const DRIVERS = { containerd: "overlayfs", "graph driver": "overlay2" };

/**
 * The folder in which an engine keeps its sockets: short, because a socket's path may have 107 bytes, and lost when the
 * machine restarts, like the processes. Another one for each cache folder.
 * @type {(cache: string, name: string) => string}
 */
function runFolder(cache, name) {
  const mark = createHash("sha256").update(cache).digest("hex").slice(0, 8);
  return `/run/verified-images-${mark}/${name}`;
}

/**
 * A configuration of the docker client with plugins of its own, or none. The user's logins and contexts are in it through
 * links.
 * @type {(folder: string, plugins: string | null, env: NodeJS.ProcessEnv) => string}
 */
function clientConfiguration(folder, plugins, env) {
  const users = env.DOCKER_CONFIG || join(homedir(), ".docker");
  for (const name of ["config.json", "contexts"]) {
    const file = join(users, name);
    if (existsSync(file) && !existsSync(join(folder, name))) writeLink(join(folder, name), file);
  }
  if (plugins !== null)
    writeLink(join(folder, "cli-plugins", "docker-buildx"), join(plugins, "docker-buildx"));
  return folder;
}

/**
 * A container engine of this project's own, which stays: with its own socket, data and network, beside any other one.
 * Gives the variables that select it.
 * @type {(name: string, release: import("./engine-release.mjs").Release, store: ImageStore, context: Context) => Promise<{environment: Record<string, string>, started: boolean, pidFile: string}>}
 */
export async function privateEngine(name, release, store, context) {
  const [folder, run] = [join(context.cache, "engines", name), runFolder(context.cache, name)];
  const socket = join(run, "docker.sock");
  const pidFile = join(run, "dockerd.pid");
  const environment = {
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_CONFIG: clientConfiguration(join(folder, "docker"), release.plugins, context.env),
  };
  const env = { ...context.env, ...environment };
  const ask = ["version", "--format", "{{.Server.Version}}"];
  const answers = async () => (await attempt(release.docker, ask, { ...context, env, timeout: 20_000 })).ok;
  if (await answers()) return { environment, started: false, pidFile };
  mkdirSync(run, { recursive: true });
  clearStalePid(pidFile, "dockerd");
  clearStalePid(join(run, "exec", "containerd", "containerd.pid"), "containerd");
  const bridge = await ownNetwork(socket, context);
  const configuration = join(folder, "daemon.json");
  writeJson(configuration, {
    "data-root": join(folder, "data"),
    "exec-root": join(run, "exec"),
    pidfile: pidFile,
    hosts: [`unix://${socket}`],
    bridge,
    iptables: false,
    features: { "containerd-snapshotter": store === "containerd", ...release.features },
    "storage-driver": DRIVERS[store],
  });
  const PATH = [...release.folders, adminPath(context.env)].join(delimiter);
  // Docker's own programs have one; Debian's unpacked ones need the machine's.
  if (!findFirst("runc", PATH)) await install(["runc"], context);
  const program = join(release.folders[0] ?? "", "dockerd");
  const daemon = { program, args: ["--config-file", configuration], folder, name: "dockerd" };
  const inside = { ...context.env, ...release.variables, PATH };
  await startDaemon(daemon, { ...context, env: inside }, answers);
  return { environment, started: true, pidFile };
}
