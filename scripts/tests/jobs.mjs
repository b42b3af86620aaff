import { basename } from "node:path";
import { SetupError } from "../setup/failure.mjs";
import { filesBelow } from "../setup/stamp.mjs";
import { tools } from "./tools.mjs";

/**
 * What one process runs: mocha with some files, or a tool.
 * @typedef {{part: string, name: string, files: string[], command?: string[]}} Job
 */

const ENDING = ".test.ts";

/**
 * The jobs of some parts: a part without an engine is one job, of the others each file is. A part without any test file
 * is one empty job, which fails.
 * @param {import("./parts.mjs").Part[]} parts
 * @param {(folders: string[]) => string[]} listed the files below those folders of the project
 * @param {{only?: string[], quick?: boolean}} [choice] only: names of files without their ending; none: all of them
 * @returns {Job[]}
 * @throws {SetupError} when there is no file of one of these names
 */
export function jobsOf(parts, listed, { only = [], quick = false } = {}) {
  const found = new Set();
  const isChosen = (/** @type {string} */ name) => {
    if (only.length > 0 && !only.includes(name)) return false;
    found.add(name);
    return true;
  };
  const jobs = parts.flatMap(({ name: part, folders, real, tools: isTools }) => {
    const named = (/** @type {string} */ name) => `${part}/${name}`;
    if (isTools) {
      const chosen = tools(quick).filter(({ name }) => isChosen(name));
      return chosen.map(({ name, command }) => ({ part, name: named(name), files: [], command }));
    }
    const files = listed(folders.map((folder) => `test/${folder}`)).filter(
      (file) => file.endsWith(ENDING) && isChosen(basename(file, ENDING)),
    );
    if (files.length === 0) return only.length > 0 ? [] : [{ part, name: part, files }];
    if (!real) return [{ part, name: part, files }];
    return files.map((file) => ({ part, name: named(basename(file, ENDING)), files: [file] }));
  });
  const missing = only.filter((name) => !found.has(name));
  if (missing.length === 0) return jobs;
  const where = parts.map(({ name }) => name).join(", ");
  const names = missing.map((name) => `"${name}"`).join(", ");
  throw new SetupError(
    `${names} is neither a part of the tests nor a test file of ${where}: give names as test/<part>/<name>${ENDING} has them.`,
  );
}

/** @param {string} project @returns {(folders: string[]) => string[]} */
export const listedIn = (project) => (folders) => filesBelow(project, folders);
