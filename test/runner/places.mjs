import { join } from "node:path";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { failedOnce } from "./counts.mjs";
import { engineOf } from "./engines.mjs";
import { runNode } from "./run-job.mjs";

/**
 * An engine that jobs use, with the variables that select it. The main one has no name.
 * @typedef {{engine: string | undefined, place: import("./run-job.mjs").Place}} EnginePlace
 */

/**
 * Runs a script in TypeScript.
 * @type {(args: string[], place: import("./run-job.mjs").Place) => Promise<string | null>} null when it succeeded, else what it said
 */
async function trouble(args, place) {
  const { ending, output } = await runNode(["--import", "tsx", ...args], place);
  return ending === "exit 0" ? null : output.trim() || ending;
}

/**
 * The engines that some jobs use, as far as they can be had.
 * @type {(parts: import("./parts.mjs").Part[], jobs: import("./parts.mjs").Job[], place: import("./run-job.mjs").Place) => EnginePlace[]}
 */
export function enginePlaces(parts, jobs, place) {
  const isReal = (/** @type {import("./parts.mjs").Job} */ { part }) =>
    parts.some(({ name, real }) => name === part && real);
  const names = new Set(jobs.filter(isReal).map(({ engine }) => engine));
  /** @type {EnginePlace[]} */
  const places = [];
  for (const engine of names) {
    const found = engine === undefined ? { env: place.env } : engineOf(place.project, engine, place.env);
    if ("env" in found) places.push({ engine, place: { ...place, env: found.env } });
  }
  return places;
}

/**
 * Makes what the files of some parts share, on each engine that they use.
 * @type {(parts: import("./parts.mjs").Part[], jobs: import("./parts.mjs").Job[], places: EnginePlace[]) => Promise<void>}
 * @throws {SetupError} when it could not be made
 */
export async function prepare(parts, jobs, places) {
  for (const { engine, place } of places) {
    const used = parts.filter(({ name }) => jobs.some((job) => job.part === name && job.engine === engine));
    for (const script of new Set(used.flatMap(({ prepare = [] }) => prepare))) {
      const said = await trouble([script], place);
      if (said === null) continue;
      const where = engine === undefined ? "" : ` on ${engine}`;
      const lastLines = said.split("\n").slice(-20);
      throw new SetupError(`${script} failed${where}, so the tests that need what it makes can't run.`, {
        lastLines,
      });
    }
  }
}

/**
 * Lists what there is on each engine and among the temporary files. Gives a function that says what has come since, as one
 * test for each engine.
 * @param {EnginePlace[]} places
 */
export async function takeInventory(places) {
  /** @type {(EnginePlace & {listing: string[], unreadable: string | null})[]} */
  const taken = [];
  for (const { engine, place } of places) {
    const listing = ["test/support/inventory.ts", join(place.folder, `before-${engine ?? "main"}.json`)];
    taken.push({ engine, place, listing, unreadable: await trouble(listing, place) });
  }
  return async () => {
    const results = [];
    for (const { engine, place, listing, unreadable } of taken) {
      const left = unreadable ?? (await trouble(listing, place));
      const where = engine === undefined ? "" : ` on ${engine}`;
      const none = { passed: 1, failed: 0, skipped: 0, failures: [], times: {} };
      const judged = left === null ? none : failedOnce(`nothing is left by the tests${where}`, left);
      results.push({ part: "leftovers", name: `leftovers${where}`, ...judged });
    }
    return results;
  };
}
