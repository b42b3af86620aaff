/**
 * The parts of the test suite; each has its folders below `test`.
 * @typedef {object} Part
 * @property {string} name
 * @property {string[]} folders
 * @property {boolean} real uses a container engine and starts programs: each file gets a process of its own, files run
 *   side by side, and nothing may be left when all have ended
 */

/** In the order in which they begin: the one with the longest file is not last. @type {Part[]} */
export const PARTS = [
  { name: "unit", folders: ["unit", "property"], real: false },
  { name: "engine", folders: ["engine"], real: true },
  { name: "package", folders: ["package"], real: true },
  { name: "pulumi", folders: ["pulumi"], real: true },
];

/** Tests that depend on what was published last; they run only when asked for, by `npm run test:newest`. @type {Part} */
export const NEWEST = { name: "newest", folders: ["newest"], real: true };

/**
 * Splits the arguments of `npm test -- ...`: leading names of parts choose what runs (all, when there are none); the
 * rest goes to mocha as it is.
 * @param {string[]} args
 * @returns {{parts: Part[], rest: string[]}}
 */
export function chooseParts(args) {
  const names = PARTS.map((part) => part.name);
  const end = args.findIndex((arg) => !names.includes(arg));
  const chosen = new Set(end === -1 ? args : args.slice(0, end));
  return {
    parts: PARTS.filter((part) => chosen.size === 0 || chosen.has(part.name)),
    rest: end === -1 ? [] : args.slice(end),
  };
}
