/**
 * The parts of the test suite.
 * @typedef {object} Part
 * @property {string} name
 * @property {string[]} folders below `test`
 * @property {boolean} real uses a container engine and starts programs: each file gets a process of its own, files run
 *   side by side, and nothing may be left when all have ended
 * @property {string} [prepare] a script of the project that makes what several files share
 * @property {boolean} [tools] is made of the tools in `tools.mjs` instead of test files
 */

const BASE_IMAGES = "test/engine/support/make-base-images.ts";

/** All that `npm test` runs. @type {Part[]} */
export const PARTS = [
  { name: "lint", folders: [], real: false, tools: true },
  { name: "unit", folders: ["unit"], real: false },
  { name: "engine", folders: ["engine"], real: true, prepare: BASE_IMAGES },
  { name: "package", folders: ["package"], real: true },
  { name: "pulumi", folders: ["pulumi"], real: true },
];

/**
 * What runs only when asked for: `campaign` takes long, and `newest` depends on what was published last.
 * @type {Part[]}
 */
export const ON_REQUEST = [
  { name: "campaign", folders: ["campaign"], real: true, prepare: BASE_IMAGES },
  { name: "newest", folders: ["newest"], real: true },
];

/** `npm run test:quick`: these parts, and the linter may use what it knows from the last time. */
const QUICK = "quick";
const QUICK_PARTS = ["lint", "unit"];

/**
 * Splits the arguments of `npm test -- ...`. Leading words name parts (none: all of `npm test`); the words after these
 * name test files without their ending (none: all files of the parts). From the first option on all goes to mocha.
 * @param {string[]} args
 * @returns {{parts: Part[], only: string[], rest: string[], quick: boolean}}
 */
export function chooseParts(args) {
  const option = args.findIndex((arg) => arg.startsWith("-"));
  const words = option === -1 ? args : args.slice(0, option);
  const all = [...PARTS, ...ON_REQUEST];
  const known = [QUICK, ...all.map((part) => part.name)];
  const end = words.findIndex((word) => !known.includes(word));
  const chosen = end === -1 ? words : words.slice(0, end);
  const quick = chosen.includes(QUICK);
  const names = new Set([...chosen, ...(quick ? QUICK_PARTS : [])]);
  return {
    parts: chosen.length === 0 ? PARTS : all.filter((part) => names.has(part.name)),
    only: words.slice(chosen.length),
    rest: option === -1 ? [] : args.slice(option),
    quick,
  };
}
