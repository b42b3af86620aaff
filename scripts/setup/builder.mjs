import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { forTests, withPlugin } from "./beside-engine.mjs";
import { startDaemon } from "./daemon.mjs";
import { pinnedTool } from "./pinned-tool.mjs";
import { BUILDKIT, BUILDX } from "./pins.mjs";
import { adminPath, findFirst, isAtLeast } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, reasonOf } from "./run.mjs";

/** @import { Context, Outcome } from "./report.mjs" */

/** What the tests' second builder is called. */
const NAME = "verified-images-tests";
/** The official image of BuildKit. */
const IMAGE = `moby/buildkit:v${BUILDKIT.version}`;
const PULL_TIMEOUT = 180_000;
/** The oldest that the second builder is used with. */
const OLDEST_BUILDX = "0.10.0";
/** Megabytes of build results that the daemon keeps. */
const KEPT = "4000,0,4000";

/**
 * Starts a BuildKit daemon of this project's own, which stays, like dockerd.
 * @type {(socket: string, context: Context, answers: () => Promise<boolean>) => Promise<string>}
 */
async function startBuildkitd(socket, context, answers) {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new SetupError("a BuildKit daemon can be started as root on Linux only");
  }
  if (!findFirst("runc", adminPath(context.env))) {
    if (!canInstall()) throw new SetupError("there is no runc on PATH");
    context.say("installing runc with apt-get");
    await install(["runc"], context);
  }
  const { path } = await pinnedTool(BUILDKIT, context);
  rmSync(socket, { force: true });
  const folder = join(context.cache, "builder");
  const args = ["--root", join(folder, "buildkit"), "--addr", `unix://${socket}`];
  args.push("--containerd-worker=false", "--oci-worker-gc-keepstorage", KEPT);
  return startDaemon({ program: path, args, folder, name: "buildkitd" }, context, answers);
}

/**
 * The version of the builder's BuildKit if it runs and is new enough, else null.
 * @type {(docker: string, context: Context) => Promise<string | null>}
 */
async function running(docker, context) {
  const { ok, stdout } = await attempt(docker, ["buildx", "inspect", NAME], { ...context, timeout: 30_000 });
  if (!ok || !/^Status:\s+running$/m.test(stdout)) return null;
  const version = /^BuildKit version:\s+v?(\S+)$/m.exec(stdout)?.[1] ?? "";
  return isAtLeast(version, BUILDKIT.version) ? version : null;
}

/**
 * Makes the builder: the official image in a container, else a daemon that is built here.
 * @type {(docker: string, context: Context) => Promise<string>}
 */
async function make(docker, context) {
  const create = async (/** @type {string[]} */ ...args) => {
    await attempt(docker, ["buildx", "rm", "--force", NAME], context);
    return attempt(docker, ["buildx", "create", "--name", NAME, ...args], context);
  };
  const answers = async () => (await running(docker, context)) !== null;
  context.say(`pulling ${IMAGE}`);
  let made = await attempt(docker, ["pull", "--quiet", IMAGE], { ...context, timeout: PULL_TIMEOUT });
  if (made.ok)
    made = await create("--driver", "docker-container", "--driver-opt", `image=${IMAGE}`, "--bootstrap");
  if (made.ok && (await answers())) return `in a container of ${IMAGE}, which stays`;
  context.say(`no BuildKit in a container: ${reasonOf(made)}`);
  // A short path, whatever the cache folder's, and another one for each cache folder.
  const socket = `/run/verified-images-buildkitd-${createHash("sha256").update(context.cache).digest("hex").slice(0, 8)}.sock`;
  const remote = await create("--driver", "remote", `unix://${socket}`);
  if (!remote.ok) throw new SetupError(`docker buildx create failed (${reasonOf(remote)})`);
  if (await answers()) return "buildkitd was running";
  return `buildkitd runs as a background process, see ${await startBuildkitd(socket, context, answers)}`;
}

/**
 * A BuildKit of a new release beside the engine, for the tests: what runs is taken; else the official image is pulled;
 * else, as root on Linux, BuildKit is built and started.
 * @type {(context: Context, docker: string) => Promise<Outcome>}
 */
export function builder(context, docker) {
  return forTests("builder", context, async () => {
    const { how, environment } = await withPlugin(BUILDX, OLDEST_BUILDX, "builder", docker, context);
    const inside = { ...context, env: { ...context.env, ...environment, BUILDX_BUILDER: undefined } };
    const found = await running(docker, inside);
    const made = found === null ? await make(docker, inside) : "it was running";
    const version = found ?? (await running(docker, inside));
    if (version === null) throw new SetupError("the builder does not answer");
    const text = `${found === null ? "made" : "found"} BuildKit ${version} beside the engine`;
    return { text, detail: `${how}, ${made}`, environment: { ...environment, BUILDX_BUILDER: NAME } };
  });
}
