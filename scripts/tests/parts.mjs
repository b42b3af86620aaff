/** Checks after the last test that nothing of ours remains on the engine or in the temporary folder. */
const NO_LEFTOVERS = "./test/support/root-hooks.ts";

/**
 * The parts of the test suite, in the order in which they run; each has its folders below `test`, and the modules
 * that mocha loads before them.
 */
export const PARTS = [
  { name: "unit", folders: ["unit", "property"], modules: [] },
  { name: "engine", folders: ["engine"], modules: [NO_LEFTOVERS] },
  { name: "pulumi", folders: ["pulumi"], modules: [NO_LEFTOVERS] },
  { name: "package", folders: ["package"], modules: [NO_LEFTOVERS] },
];

/** Tests that depend on what was published last; they run only when asked for, by `npm run test:newest`. */
export const NEWEST = { name: "newest", folders: ["newest"], modules: [NO_LEFTOVERS] };

/**
 * Splits the arguments of `npm test -- ...`: leading names of parts choose what runs (all, when there are none); the
 * rest goes to mocha as it is.
 * @param {string[]} args
 * @returns {{parts: typeof PARTS, rest: string[]}}
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
