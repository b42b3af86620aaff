import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { logFile, makeOnce } from "./cache.mjs";
import { PULUMI_VERSION } from "./pins.mjs";
import { buildPulumi, findGo } from "./pulumi-built.mjs";
import { fetchPulumi } from "./pulumi-fetched.mjs";
import { choosePulumi, pulumiFacts } from "./pulumi-found.mjs";
import { tilde } from "./report.mjs";
import { shortVersion } from "./versions.mjs";

const LAUNCHER = "pulumi-resource-pulumi-nodejs";
const CACHE_KEY = `pulumi/${PULUMI_VERSION}-${process.platform}-${process.arch}`;

/**
 * The CLI that a former set-up left in the cache folder.
 * @param {string} cache
 * @returns {string | null} its path
 */
export function cachedPulumi(cache) {
  const path = join(cache, CACHE_KEY, "pulumi");
  return existsSync(path) ? path : null;
}

/**
 * A Pulumi CLI that can run the project: one on PATH, else the cached one, else the official release, else one built
 * with Go.
 * @param {{cache: string, signal: AbortSignal, env?: NodeJS.ProcessEnv}} context
 * @param {(text: string) => void} say
 * @returns {Promise<{path: string, text: string, detail: string}>}
 * @throws {SetupError} where none of the four ways is open
 */
export async function pulumiCli({ cache, signal, env = process.env }, say) {
  const { chosen, passedOver } = choosePulumi(await pulumiFacts(env, signal));
  if (chosen)
    return { path: chosen.path, text: `found ${shortVersion(chosen.version)}`, detail: chosen.path };
  passedOver.forEach((words) => say(`passed over: ${words}`));
  const log = logFile(cache, "pulumi-cli");
  const make = async (folder) => {
    say(`fetching the official release ${PULUMI_VERSION}`);
    const fetched = await fetchPulumi({ folder, log, signal });
    let how = "built with Go";
    if ("source" in fetched) how = `fetched from ${fetched.source}`;
    else {
      say(`no official release: ${fetched.reasons.join("; ")}`);
      const go = await findGo(env.PATH, fetched.reasons, { log, signal });
      say(`building ${PULUMI_VERSION} with Go, which takes some minutes (log: ${tilde(log)})`);
      const modules = dirname(fileURLToPath(import.meta.url));
      await buildPulumi({ go, modules, folder, log, signal });
    }
    writeFileSync(join(folder, "made.json"), `${JSON.stringify({ version: PULUMI_VERSION, how })}\n`);
  };
  const onWait = (pid) => say(`waiting for the set-up of process ${pid}, which is making it`);
  const { folder, made } = await makeOnce({ cache, key: CACHE_KEY, make, signal, onWait });
  const { how } = JSON.parse(readFileSync(join(folder, "made.json"), "utf8"));
  const text = made ? `${PULUMI_VERSION} ${how}` : `found ${PULUMI_VERSION}, ${how}`;
  return { path: join(folder, "pulumi"), text, detail: `cache: ${tilde(folder)}` };
}

/**
 * Puts the launcher of dynamic providers, which comes with the npm package, beside a CLI of the cache folder that has
 * none (one built with Go): there it counts as bundled with the CLI. A CLI of the user's is left as it is.
 * @param {string} cache
 * @param {string} pulumi the CLI's path
 * @param {string} project
 */
export function bundleLauncher(cache, pulumi, project) {
  const target = join(dirname(pulumi), LAUNCHER);
  if (pulumi !== cachedPulumi(cache) || existsSync(target)) return;
  const unfinished = `${target}.${process.pid}`;
  copyFileSync(join(project, "node_modules", "@pulumi", "pulumi", LAUNCHER), unfinished);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, target);
}
