import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { PULUMI_VERSION } from "./pins.mjs";
import { attempt } from "./run.mjs";
import { isAtLeast, shortVersion } from "./versions.mjs";
import { findAll, findFirst } from "./which.mjs";

/** @typedef {{path: string, version: string, hasHost: boolean}} PulumiFacts */

/** The folder of the file behind a path: links are followed, as the CLI itself does. @param {string} path */
export function realFolder(path) {
  return dirname(realpathSync(path));
}

/**
 * What is known of every `pulumi` in a search path. A CLI that does not answer within 20 seconds has the version "".
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 * @returns {Promise<PulumiFacts[]>}
 */
export async function pulumiFacts(env, signal) {
  const host = findFirst("pulumi-language-nodejs", env.PATH) !== null;
  return Promise.all(
    findAll("pulumi", env.PATH).map(async (path) => {
      const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
      const answer = await attempt(path, ["version"], { env: quiet, timeout: 20_000, signal });
      const beside = existsSync(join(realFolder(path), "pulumi-language-nodejs"));
      return { path, version: answer.ok ? answer.stdout.trim() : "", hasHost: host || beside };
    }),
  );
}

/**
 * The first CLI that is new enough and can run a Node.js program, and why the ones before it were passed over.
 * @param {PulumiFacts[]} facts in the order of the search path
 * @returns {{chosen: PulumiFacts | null, passedOver: string[]}}
 */
export function choosePulumi(facts) {
  const passedOver = [];
  for (const fact of facts) {
    if (fact.version === "") passedOver.push(`${fact.path} does not answer`);
    else if (!isAtLeast(fact.version, PULUMI_VERSION)) {
      passedOver.push(`${fact.path} is ${shortVersion(fact.version)}, older than ${PULUMI_VERSION}`);
    } else if (!fact.hasHost) passedOver.push(`${fact.path} has no pulumi-language-nodejs`);
    else return { chosen: fact, passedOver };
  }
  return { chosen: null, passedOver };
}
