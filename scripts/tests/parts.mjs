/** The parts of the test suite, in the order in which they run; each has its folders below `test`. */
export const PARTS = [
  { name: "unit", folders: ["unit", "property"] },
  { name: "engine", folders: ["engine"] },
  { name: "pulumi", folders: ["pulumi"] },
];

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
