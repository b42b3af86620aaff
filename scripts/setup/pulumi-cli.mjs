import { copyFileSync, existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pinnedTool } from "./pinned-tool.mjs";
import { PULUMI } from "./pins.mjs";
import { findAll, findFirst, isAtLeast, shortVersion } from "./programs.mjs";
import { attempt } from "./run.mjs";

/** A CLI that does not answer has the version "". @typedef {{path: string, version: string, hasHost: boolean}} PulumiFacts */

const LAUNCHER = "pulumi-resource-pulumi-nodejs";

/** Asks every `pulumi` on PATH, in its order. @type {(context: Context) => Promise<PulumiFacts[]>} */
function pulumiFacts({ env, signal }) {
  const options = { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 20_000, signal };
  const facts = async (/** @type {string} */ path) => {
    const { ok, stdout } = await attempt(path, ["version"], options);
    // Beside the real file: the CLI follows links, too.
    const searchPath = `${env.PATH ?? ""}:${dirname(realpathSync(path))}`;
    const hasHost = findFirst("pulumi-language-nodejs", searchPath) !== null;
    return { path, version: ok ? stdout.trim() : "", hasHost };
  };
  return Promise.all(findAll("pulumi", env.PATH).map(facts));
}

/** Why a CLI can't run the project, or null. @param {PulumiFacts} facts */
function obstacle({ path, version, hasHost }) {
  if (version === "") return `${path} does not answer`;
  const isOld = !isAtLeast(version, PULUMI.version);
  if (isOld) return `${path} is ${shortVersion(version)}, older than ${PULUMI.version}`;
  return hasHost ? null : `${path} has no pulumi-language-nodejs`;
}

/** The first CLI that can run the project, and why the ones before it can't. @param {PulumiFacts[]} facts */
export function choosePulumi(facts) {
  const obstacles = facts.map(obstacle);
  const at = obstacles.indexOf(null);
  return { chosen: facts[at] ?? null, passedOver: at === -1 ? obstacles : obstacles.slice(0, at) };
}

/** A Pulumi CLI that can run the project: one on PATH, else one of the cache folder. @type {(context: Context) => Promise<Outcome & {path: string, isOurs: boolean}>} */
export async function pulumiCli(context) {
  const { chosen, passedOver } = choosePulumi(await pulumiFacts(context));
  if (chosen) {
    const { path, version } = chosen;
    return { path, isOurs: false, text: `found ${shortVersion(version)}`, detail: path };
  }
  for (const words of passedOver) context.say(`passed over: ${words}`);
  const { path, how } = await pinnedTool(PULUMI, context);
  return { path, isOurs: true, text: how, detail: path };
}

/**
 * Puts the launcher of dynamic providers, which comes with the npm package, beside a CLI of the cache folder that has
 * none (one built with Go): there it counts as bundled with the CLI. A CLI of the user's is left as it is.
 * @type {(cli: {path: string, isOurs: boolean}, project: string) => void}
 */
export function bundleLauncher({ path, isOurs }, project) {
  const target = join(dirname(path), LAUNCHER);
  if (!isOurs || existsSync(target)) return;
  copyFileSync(join(project, "node_modules", "@pulumi", "pulumi", LAUNCHER), target);
}
