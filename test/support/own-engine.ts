import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { startDaemon } from "./daemon";
import { runChild } from "./child";
import { dockerProgram } from "./docker";
import { findPrograms } from "./find-program";

/** A container engine of a test's own, beside all others: without a network, and gone with all its images in the end. */
export interface OwnEngine {
  /** `unix://...`, for DOCKER_HOST. */
  readonly host: string;
  /** Ends the daemon; its images stay, and `start` finds them again. */
  stop(): Promise<void>;
  /** Starts it again, with other settings of daemon.json. */
  start(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  dispose(): Promise<void>;
}

/** The settings of an engine that keeps its images with containerd. */
export const CONTAINERD = { "storage-driver": "overlayfs", features: { "containerd-snapshotter": true } };

/** Settings with which an engine that uses overlay2 keeps its images in another store: containerd's, from Docker 24 on. */
export async function otherStore({ host }: OwnEngine): Promise<Readonly<Record<string, unknown>>> {
  const asked = ["--host", host, "version", "--format", "{{.Server.Version}}"];
  const { stdout } = await runChild(await dockerProgram(), asked);
  return Number.parseInt(stdout, 10) >= 24 ? CONTAINERD : { "storage-driver": "vfs" };
}

/**
 * The search path of the engine that the tests use, where the set-up has started it: it has the folders of that release.
 * Null for any other engine.
 */
function pathOfEngine(): string | null {
  const socket = /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? "")?.[1];
  if (socket === undefined) return null;
  try {
    const pid = readFileSync(join(dirname(socket), "dockerd.pid"), "utf8").trim();
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return variables.find((one) => one.startsWith("PATH="))?.slice("PATH=".length) ?? null;
  } catch {
    return null;
  }
}

/** Folders of daemons: those of the tests' engine, of any program, and of administrators. */
const daemonPath = (): string =>
  [pathOfEngine(), process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(Boolean).join(delimiter);

/** Why no engine can be started here; null: it can. */
export function noOwnEngine(): string | null {
  if (process.getuid?.() !== 0) return "only root can start dockerd";
  const path = daemonPath();
  const missing = ["dockerd", "unshare"].filter((name) => findPrograms(name, path).length === 0);
  return missing.length === 0 ? null : `there is no ${missing.join(" and no ")} here`;
}

/**
 * Starts an engine.
 *
 * @param id its engine ID, which machines share that were cloned
 * @param settings of daemon.json
 */
export async function startOwnEngine(
  id: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<OwnEngine> {
  // A socket's path may have 107 characters.
  const folder = mkdtempSync(join(tmpdir(), "vie-"));
  const data = join(folder, "data");
  const host = `unix://${join(folder, "s")}`;
  mkdirSync(data, { mode: 0o710 });
  writeFileSync(join(data, "engine-id"), id);
  const PATH = daemonPath();
  const [program = "dockerd"] = findPrograms("dockerd", PATH);
  const docker = await dockerProgram();
  const configuration = join(folder, "daemon.json");
  const start = async (own: Readonly<Record<string, unknown>>) => {
    const places = { "data-root": data, "exec-root": join(folder, "x"), pidfile: join(folder, "pid") };
    const network = { hosts: [host], bridge: "none", iptables: false };
    writeFileSync(configuration, JSON.stringify({ ...places, ...network, ...own }));
    const env = { ...process.env, PATH };
    // In a network of its own: a daemon without a bridge removes docker0, which is that of the machine's own Docker.
    return await startDaemon("unshare", ["--net", program, "--config-file", configuration], isReady, env);
  };
  const isReady = async (): Promise<boolean> =>
    (await runChild(docker, ["--host", host, "version"], { timeoutMs: 20_000 })).code === 0;
  let daemon: Awaited<ReturnType<typeof start>> | null = null;
  const engine: OwnEngine = {
    host,
    async stop() {
      await daemon?.stop();
      daemon = null;
    },
    async start(own = settings) {
      await engine.stop();
      daemon = await start(own);
    },
    async dispose() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
