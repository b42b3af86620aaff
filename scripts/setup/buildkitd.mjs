import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { startBackground, waitFor } from "./background.mjs";
import { makeOnce } from "./cache.mjs";
import { ADMIN_FOLDERS } from "./dockerd.mjs";
import { SetupError } from "./failure.mjs";
import { buildDockerTool, usableGo } from "./go.mjs";
import { BUILDKIT_VERSION } from "./pins.mjs";
import { lastLines } from "./run.mjs";
import { findFirst } from "./which.mjs";

const CACHE_KEY = `buildkit/${BUILDKIT_VERSION}-${process.platform}-${process.arch}`;
const VERSION_VARIABLE = "github.com/moby/buildkit/version.Version";
/** Megabytes of build results that the daemon keeps. */
const KEPT = "4000,0,4000";

/** The daemon's socket: short, whatever the cache folder's path, and another one for each cache folder. */
export function socketOf(cache) {
  const name = createHash("sha256").update(cache).digest("hex").slice(0, 8);
  return `/run/verified-images-buildkitd-${name}.sock`;
}

/** The daemon's binary, built with Go the first time. */
async function binary({ cache, signal, env, log }, say) {
  const make = async (folder) => {
    const usable = await usableGo(env.PATH, { log, signal });
    if ("reason" in usable) throw new SetupError(usable.reason, { log });
    say(`building BuildKit ${BUILDKIT_VERSION} with Go, which takes some minutes`);
    await buildDockerTool({
      go: usable.go,
      what: `buildkitd ${BUILDKIT_VERSION}`,
      from: "github.com/moby/buildkit/cmd/buildkitd",
      variables: { [VERSION_VARIABLE]: `v${BUILDKIT_VERSION}` },
      file: join(folder, "buildkitd"),
      log,
      signal,
    });
  };
  const { folder } = await makeOnce({ cache, key: CACHE_KEY, make, signal });
  return join(folder, "buildkitd");
}

/**
 * Starts a BuildKit daemon of this project's own beside the engine, as a background process that stays, like dockerd.
 * Its state is in the cache folder, its socket in /run.
 * @param {{cache: string, signal: AbortSignal, env: NodeJS.ProcessEnv, log: string}} context
 * @param {(text: string) => void} say
 * @param {() => Promise<boolean>} answers whether it answers at its socket
 * @returns {Promise<string>} the file with its process id
 * @throws {SetupError} where this can't be done here
 */
export async function startBuildkitd(context, say, answers) {
  const { cache, signal, env, log } = context;
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new SetupError("a BuildKit daemon can be started as root on Linux only");
  }
  const searchPath = `${env.PATH}:${ADMIN_FOLDERS}`;
  if (!findFirst("runc", searchPath)) {
    if (!canInstall()) throw new SetupError("there is no runc on PATH");
    say("installing runc with apt-get");
    await install(["runc"], [], { log });
  }
  const program = await binary(context, say);
  const socket = socketOf(cache);
  rmSync(socket, { force: true });
  const folder = join(cache, "builder");
  const args = [
    "--root",
    join(folder, "buildkit"),
    "--addr",
    `unix://${socket}`,
    "--containerd-worker=false",
  ];
  args.push("--oci-worker-gc-keepstorage", KEPT);
  const state = startBackground({ program, args, folder, name: "buildkitd", searchPath });
  if (await waitFor(answers, 30, { signal, hasEnded: () => state.ended !== null })) return state.pidFile;
  throw new SetupError(
    `buildkitd was started but does not answer (${state.ended ?? "still running after 30 s"})`,
    {
      log: state.log,
      lastLines: lastLines(readFileSync(state.log, "utf8")),
    },
  );
}
