import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "../../scripts/setup/apt.mjs";
import { startDaemon } from "../../scripts/setup/daemon.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { parseObject, propertiesOf, writeJson, writeLink } from "../../scripts/setup/files.mjs";
import { pinnedTool } from "../../scripts/setup/pinned-tool.mjs";
import { BUILDX, PLATFORM } from "../../scripts/setup/pins.mjs";
import { adminPath, findFirst, isAtLeast } from "../../scripts/setup/programs.mjs";
import { stateFolder } from "../../scripts/setup/project.mjs";
import { attempt, reasonOf } from "../../scripts/setup/run.mjs";
import pins from "./pins.json" with { type: "json" };

/** @type {PinnedTool} */
export const BUILDKIT = { name: "buildkit", ...pins.buildkit };
/** @type {PinnedTool} */
const COMPOSE = { name: "compose", ...pins.compose };

/** What the tests' second builder is called. */
const NAME = "verified-images-tests";
/** The official image of BuildKit. */
const IMAGE = `moby/buildkit:v${BUILDKIT.version}`;
const PULL_TIMEOUT = 180_000;
/** The oldest that the second builder is used with: it heeds policies beside a recipe. */
export const OLDEST_BUILDX = "0.31.0";
/** The variable of what more builders are made of: the path of a buildkitd, or an image of BuildKit. */
export const MORE_VARIABLE = "TESTS_BUILDKIT";
/** Megabytes of build results that the daemon keeps. */
const KEPT = "4000,0,4000";

/** The variables with which the tests use a tool. @typedef {{environment: Record<string, string>}} Found */

/** Old enough to be found in the distributions of today; its `config` can leave paths as they are written. */
const OLDEST_COMPOSE = "2.20.0";

/**
 * The plugins that a docker CLI finds by itself.
 * @type {(docker: string, context: Context) => Promise<{name: string, version: string, path: string}[]>}
 */
async function foundPlugins(docker, context) {
  const { stdout } = await attempt(docker, ["info", "--format", "{{json .ClientInfo}}"], context);
  const { Plugins } = parseObject(stdout);
  const plugins = Array.isArray(Plugins) ? Plugins.map((plugin) => propertiesOf(plugin)) : [];
  return plugins
    .filter(({ Err }) => !Err)
    .map(({ Name, Version, Path }) => ({ name: String(Name), version: String(Version), path: String(Path) }));
}

/**
 * Puts a plugin of the docker CLI, the CLI's own or a pinned one, into a configuration of its own in the cache: the
 * user's stays as it is. The CLI's other plugins are in it too, since clients of today build with one. Such a
 * configuration does not know the user's contexts, so it names the engine.
 * @type {(tool: PinnedTool, oldest: string, folder: string, docker: string, context: Context) => Promise<Found & {how: string}>}
 */
export async function withPlugin(tool, oldest, folder, docker, context) {
  const plugins = await foundPlugins(docker, context);
  const found = plugins.find(({ name, version }) => name === tool.name && isAtLeast(version, oldest));
  const { path, how } = found
    ? { path: found.path, how: `found ${tool.name} ${found.version}` }
    : await pinnedTool(tool, context);
  const config = join(context.cache, folder, "docker");
  for (const plugin of [...plugins, { name: tool.name, path }])
    writeLink(join(config, "cli-plugins", `docker-${plugin.name}`), plugin.path);
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
 * @type {(docker: string, context: Context, name?: string) => Promise<string | null>}
 */
export async function running(docker, context, name = NAME) {
  const { ok, stdout } = await attempt(docker, ["buildx", "inspect", name], { ...context, timeout: 30_000 });
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
    const own = join(context.cache, BUILDKIT.name, `${BUILDKIT.version}-${PLATFORM}`, "buildkitd");
    const variables = { BUILDX_BUILDER: NAME, [MORE_VARIABLE]: existsSync(own) ? own : IMAGE };
    return { text, detail: `${how}, ${made}`, environment: { ...environment, ...variables } };
  });
}
