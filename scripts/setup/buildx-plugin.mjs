import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeOnce } from "./cache.mjs";
import { download, sha256Of } from "./download.mjs";
import { SetupError } from "./failure.mjs";
import { goBuild, usableGo } from "./go.mjs";
import { BUILDX_BINARIES, BUILDX_SOURCE, BUILDX_VERSION } from "./pins.mjs";
import { attempt } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";

/** The oldest plugin that the second builder is used with. */
const OLDEST = "0.10.0";
const CACHE_KEY = `buildx/${BUILDX_VERSION}-${process.platform}-${process.arch}`;
const VERSION_VARIABLE = "github.com/docker/buildx/version.Version";

/**
 * The plugin that a docker CLI finds by itself, if it is new enough.
 * @param {string} docker
 * @param {{env: NodeJS.ProcessEnv, signal: AbortSignal}} options
 * @returns {Promise<string | null>} its path
 */
async function foundPlugin(docker, options) {
  const asked = await attempt(docker, ["info", "--format", "{{json .ClientInfo.Plugins}}"], options);
  try {
    const plugins = JSON.parse(asked.stdout) ?? [];
    const plugin = plugins.find(({ Name, Err }) => Name === "buildx" && !Err);
    return plugin && isAtLeast(plugin.Version, OLDEST) ? plugin.Path : null;
  } catch {
    return null;
  }
}

/** Fetches the official binary; why not, in a few words, or null when it is there. */
async function fetchPlugin(file, options) {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = BUILDX_BINARIES[platform];
  if (wanted === undefined) return `no binary is pinned for ${platform}`;
  const name = `buildx-v${BUILDX_VERSION}.linux-${process.arch === "x64" ? "amd64" : process.arch}`;
  const reason = await download(`${BUILDX_SOURCE}/${name}`, file, options);
  const host = new URL(BUILDX_SOURCE).host;
  if (reason !== null) return `${host}: ${reason}`;
  const found = await sha256Of(file);
  if (found === wanted) return null;
  rmSync(file);
  return `${host}: the binary's sha256 is ${found}, expected ${wanted}`;
}

/**
 * A buildx plugin: the one that the docker CLI has, else the cached one, else the official binary, else one built with
 * Go. Nothing is put where the user's own CLI would find it.
 * @param {{cache: string, signal: AbortSignal, docker: {path: string}, env: NodeJS.ProcessEnv, log: string}} context
 * @param {(text: string) => void} say
 * @returns {Promise<{path: string, how: string}>}
 * @throws {SetupError} where none of these ways is open
 */
export async function buildxPlugin({ cache, signal, docker, env, log }, say) {
  const found = await foundPlugin(docker.path, { env, signal });
  if (found !== null) return { path: found, how: "buildx found" };
  const make = async (folder) => {
    const file = join(folder, "docker-buildx");
    say(`fetching the official buildx ${BUILDX_VERSION}`);
    const reason = await fetchPlugin(file, { log, signal });
    if (reason !== null) {
      const usable = await usableGo(env.PATH, { log, signal });
      if ("reason" in usable)
        throw new SetupError(`there is no buildx (${reason}; ${usable.reason})`, { log });
      say(`no official buildx (${reason}): building it with Go, which takes a minute or two`);
      await goBuild({
        go: usable.go,
        what: `buildx ${BUILDX_VERSION}`,
        module: join(dirname(fileURLToPath(import.meta.url)), "buildx"),
        from: "github.com/docker/buildx/cmd/buildx",
        variables: { [VERSION_VARIABLE]: `v${BUILDX_VERSION}` },
        file,
        log,
        signal,
      });
    }
    chmodSync(file, 0o755);
    writeFileSync(join(folder, "how"), reason === null ? "fetched" : "built with Go");
  };
  const { folder } = await makeOnce({ cache, key: CACHE_KEY, make, signal });
  const how = readFileSync(join(folder, "how"), "utf8");
  return { path: join(folder, "docker-buildx"), how: `buildx ${BUILDX_VERSION} ${how}` };
}
