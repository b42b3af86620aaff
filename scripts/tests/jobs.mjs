import { basename } from "node:path";
import { filesBelow } from "../setup/stamp.mjs";

/**
 * What one mocha process runs.
 * @typedef {{part: string, name: string, files: string[]}} Job
 */

/**
 * The jobs of some parts: a part without an engine is one job, of the others each file is. A part without any test file
 * is one empty job, which fails.
 * @param {import("./parts.mjs").Part[]} parts
 * @param {(folders: string[]) => string[]} listed the files below those folders of the project
 * @returns {Job[]}
 */
export function jobsOf(parts, listed) {
  return parts.flatMap(({ name: part, folders, real }) => {
    const files = listed(folders.map((folder) => `test/${folder}`)).filter((file) =>
      file.endsWith(".test.ts"),
    );
    if (!real || files.length === 0) return [{ part, name: part, files }];
    return files.map((file) => ({ part, name: `${part}/${basename(file, ".test.ts")}`, files: [file] }));
  });
}

/** @param {string} project @returns {(folders: string[]) => string[]} */
export const listedIn = (project) => (folders) => filesBelow(project, folders);
