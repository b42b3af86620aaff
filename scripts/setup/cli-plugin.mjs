import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeOnce } from "./cache.mjs";
import { download, sha256Of } from "./download.mjs";
import { SetupError } from "./failure.mjs";
import { buildDockerTool, usableGo } from "./go.mjs";
import { attempt } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";

/**
 * A plugin of the docker CLI, and how it can be had.
 * @typedef {object} CliPlugin
 * @property {string} name as `docker <name>` calls it
 * @property {string} version the one that is fetched or built
 * @property {string} oldest the oldest that is taken where one is there
 * @property {Record<string, {url: string, sha256: string}>} binaries official ones, by `<platform>-<arch>`
 * @property {string} from the Go package
 * @property {string} variable what its version is written into
 */

/**
 * The plugin that a docker CLI finds by itself, if it is new enough.
 * @param {CliPlugin} plugin
 * @param {string} docker
 * @param {{env: NodeJS.ProcessEnv, signal: AbortSignal}} options
 * @returns {Promise<string | null>} its path
 */
async function foundPlugin({ name, oldest }, docker, options) {
  const asked = await attempt(docker, ["info", "--format", "{{json .ClientInfo.Plugins}}"], options);
  try {
    const plugins = JSON.parse(asked.stdout) ?? [];
    const plugin = plugins.find(({ Name, Err }) => Name === name && !Err);
    return plugin && isAtLeast(plugin.Version.replace(/^v/, ""), oldest) ? plugin.Path : null;
  } catch {
    return null;
  }
}

/** Fetches the official binary; why not, in a few words, or null when it is there. */
async function fetchPlugin({ binaries }, file, options) {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = binaries[platform];
  if (wanted === undefined) return `no binary is pinned for ${platform}`;
  const reason = await download(wanted.url, file, options);
  const host = new URL(wanted.url).host;
  if (reason !== null) return `${host}: ${reason}`;
  const found = await sha256Of(file);
  if (found === wanted.sha256) return null;
  rmSync(file);
  return `${host}: the binary's sha256 is ${found}, expected ${wanted.sha256}`;
}

/**
 * A plugin of the docker CLI: the one that the CLI has, else the cached one, else the official binary, else one built
 * with Go. Nothing is put where the user's own CLI would find it.
 * @param {CliPlugin} plugin
 * @param {{cache: string, signal: AbortSignal, docker: {path: string}, env: NodeJS.ProcessEnv, log: string}} context
 * @param {(text: string) => void} say
 * @returns {Promise<{path: string, how: string}>}
 * @throws {SetupError} where none of these ways is open
 */
export async function cliPlugin(plugin, { cache, signal, docker, env, log }, say) {
  const { name, version } = plugin;
  const found = await foundPlugin(plugin, docker.path, { env, signal });
  if (found !== null) return { path: found, how: `${name} found` };
  const make = async (folder) => {
    const file = join(folder, `docker-${name}`);
    say(`fetching the official ${name} ${version}`);
    const reason = await fetchPlugin(plugin, file, { log, signal });
    if (reason !== null) {
      const usable = await usableGo(env.PATH, { log, signal });
      if ("reason" in usable)
        throw new SetupError(`there is no ${name} (${reason}; ${usable.reason})`, { log });
      say(`no official ${name} (${reason}): building it with Go, which takes a minute or two`);
      await buildDockerTool({
        go: usable.go,
        what: `${name} ${version}`,
        from: plugin.from,
        variables: { [plugin.variable]: `v${version}` },
        file,
        log,
        signal,
      });
    }
    chmodSync(file, 0o755);
    writeFileSync(join(folder, "how"), reason === null ? "fetched" : "built with Go");
  };
  const key = `${name}/${version}-${process.platform}-${process.arch}`;
  const { folder } = await makeOnce({ cache, key, make, signal });
  const how = readFileSync(join(folder, "how"), "utf8");
  return { path: join(folder, `docker-${name}`), how: `${name} ${version} ${how}` };
}

/**
 * Puts a plugin into a configuration of the docker CLI of its own: the user's stays as it is.
 * @param {string} config what DOCKER_CONFIG will be
 * @param {string} name
 * @param {string} path the plugin
 */
export function linkPlugin(config, name, path) {
  const plugins = join(config, "cli-plugins");
  mkdirSync(plugins, { recursive: true });
  const link = join(plugins, `docker-${name}`);
  // Renamed into its place: one who runs docker meanwhile finds the old link or the new one, never none.
  const fresh = join(plugins, `.${name}-${process.pid}`);
  rmSync(fresh, { force: true });
  symlinkSync(path, fresh);
  renameSync(fresh, link);
}

/**
 * Where the user's docker CLI goes: a configuration of its own does not know the user's contexts.
 * @param {string} docker
 * @param {{env: NodeJS.ProcessEnv, signal: AbortSignal}} options
 */
export async function endpointOf(docker, { env, signal }) {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  return (await attempt(docker, args, { env, signal })).stdout.trim();
}
