import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { BUILDER_VARIABLE, CONTAINER_BUILDER, DOCKER_CONTAINER } from "./docker-container.mjs";
import { DOCKER_29, ENGINES, FILES, ONLY_BESIDE } from "./engines.mjs";
import { hasLong, isLong, LONG } from "./long.mjs";
import { longestFirst } from "./times.mjs";

/**
 * A part of the test suite: the files below `test/<name>`, or some tools.
 * @typedef {object} Part
 * @property {string} name
 * @property {boolean} [real] uses a container engine and starts programs: each file gets a process of its own, and
 *   nothing may be left when all have ended
 * @property {string} [prepare] a script of the project that makes what several files share
 * @property {(quick: boolean) => Record<string, string[]>} [tools] scripts of `node_modules` with their arguments, by name
 */

/**
 * What one process runs; `engine`: on which of the other engines; `variables`: with what else set.
 * @typedef {{part: string, name: string, files: string[], command?: string[], engine?: string, variables?: Record<string, string>}} Job
 */

/**
 * So many jobs at once: one for each processor, and not more than two, what the tests' time limits were tried with.
 * `TEST_LANES` sets another number.
 */
export const LANES = Number(process.env.TEST_LANES) || Math.min(2, availableParallelism());

const BASE_IMAGES = "test/engine/support/make-base-images.ts";
const ENDING = ".test.ts";

/** @param {string} name */
const cached = (name) => [
  "--cache",
  "--cache-strategy",
  "content",
  "--cache-location",
  `.state/${name}.json`,
];

/**
 * The compiler and the formatter remember what can't have changed since the last time. The linter's rules use the types
 * of other files, which its cache knows nothing of: it is for a quick look only.
 * @param {boolean} quick
 */
const lint = (quick) => ({
  types: ["typescript/bin/tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", ".state/types.json"],
  style: ["eslint/bin/eslint.js", ".", ...(quick ? cached("eslint") : [])],
  format: ["prettier/bin/prettier.cjs", "--check", ".", ...cached("prettier")],
});

/** All that `npm test` runs. @type {Part[]} */
export const PARTS = [
  { name: "lint", tools: lint },
  { name: "unit" },
  { name: "engine", real: true, prepare: BASE_IMAGES },
  { name: "engines", real: true, prepare: BASE_IMAGES },
  { name: "package", real: true },
  { name: "pulumi", real: true },
];

/** Only when asked for: `campaign` takes long, `newest` depends on what was published last. @type {Part[]} */
export const ON_REQUEST = [
  { name: "campaign", real: true, prepare: BASE_IMAGES },
  { name: "newest", real: true },
];

/**
 * Splits the arguments of `npm test -- ...`. Leading words name parts (none: all of `npm test`; `quick`: lint and unit);
 * the words after these name test files without their ending (none: all). From the first option on all goes to mocha.
 * @param {string[]} args
 */
export function chooseParts(args) {
  const option = args.findIndex((arg) => arg.startsWith("-"));
  const words = option === -1 ? args : args.slice(0, option);
  const all = [...PARTS, ...ON_REQUEST];
  const known = ["quick", ...all.map(({ name }) => name)];
  const end = words.findIndex((word) => !known.includes(word));
  const chosen = end === -1 ? words : words.slice(0, end);
  const quick = chosen.includes("quick");
  const names = [...chosen, ...(quick ? ["lint", "unit"] : [])];
  return {
    parts: chosen.length === 0 ? PARTS : all.filter(({ name }) => names.includes(name)),
    only: words.slice(chosen.length),
    rest: option === -1 ? [] : args.slice(option),
    quick,
  };
}

/** Whether a campaign was chosen. @type {(choice: {parts: Part[], only: string[]}, id: string) => boolean} */
export const hasCampaign = ({ parts, only }, id) =>
  parts.some(({ name }) => name === "campaign") && (only.length === 0 || only.includes(id));

/** `unit/base/git/commit` for test/unit/base/git/commit.test.ts. @param {string} file */
export const nameOf = (file) => file.replace(/^test\//, "").replace(ENDING, "");

/** The files in so many groups that should take the same time. @type {(files: string[], count: number, known: Record<string, number>) => string[][]} */
function balanced(files, count, known) {
  const groups = Array.from({ length: count }, () => ({ files: /** @type {string[]} */ ([]), time: 0 }));
  for (const { file, name } of longestFirst(
    files.map((file) => ({ file, name: nameOf(file) })),
    known,
  )) {
    const [least] = groups.toSorted((a, b) => a.time - b.time);
    least?.files.push(file);
    if (least) least.time += known[name] ?? 1;
  }
  return groups.map((group) => group.files).filter((group) => group.length > 0);
}

/** A file of `engine` on another engine. @type {(part: string, file: string, engine: string) => Job} */
const onEngine = (part, file, engine) => ({
  part,
  name: `${nameOf(file)} on ${engine}`,
  files: [file],
  engine,
});

/** A file of `engine` with the builder in a container. @type {(part: string, file: string) => Job} */
const inContainer = (part, file) => ({
  part,
  name: `${nameOf(file)} with ${DOCKER_CONTAINER.id}`,
  files: [file],
  variables: { [BUILDER_VARIABLE]: CONTAINER_BUILDER },
});

/**
 * The jobs of some parts: each file with a real engine is one, the others are shared out among the lanes. A part without
 * any test file is one empty job, which fails.
 * @param {Part[]} parts
 * @param {(folder: string) => string[]} listed the files below a folder of the project
 * @param {{only?: string[], quick?: boolean, lanes?: number, known?: Record<string, number>}} [choice] only: names of files
 *   without their ending, none: all of them; known: milliseconds by file
 * @returns {Job[]}
 * @throws {SetupError} when there is no file of one of these names
 */
export function jobsOf(parts, listed, { only = [], quick = false, lanes = LANES, known = {} } = {}) {
  const found = new Set();
  const isKnown = (/** @type {string} */ name) => Boolean(found.add(name));
  const isChosen = (/** @type {string} */ name) =>
    isKnown(name) && (only.length === 0 || only.includes(name));
  const jobs = parts.flatMap(({ name: part, real, tools }) => {
    if (tools) {
      const chosen = Object.entries(tools(quick)).filter(([name]) => isChosen(name));
      return chosen.map(([name, command]) => ({ part, name: `${part}/${name}`, files: [], command }));
    }
    if (part === "engines") {
      const files = FILES.filter((name) => isChosen(name)).map((name) => `test/engine/${name}${ENDING}`);
      return ENGINES.flatMap(({ id }) => files.map((file) => onEngine(part, file, id)));
    }
    const filesOf = (/** @type {string} */ folder, /** @type {string[]} */ names) =>
      listed(`test/${folder}`).filter((file) => {
        const name = basename(file, ENDING);
        return file.endsWith(ENDING) && (names.length === 0 || names.includes(name)) && isKnown(name);
      });
    const files = filesOf(part, only).filter((file) => only.length > 0 || !isLong(nameOf(file)));
    /** Files of other parts that a campaign of this name runs. @type {(id: string, folder: string) => string[]} */
    const again = (id, folder) =>
      part === "campaign" && isChosen(id)
        ? filesOf(
            folder,
            only.filter((name) => name !== id),
          )
        : [];
    /** @type {Job[]} */
    const others = [
      ...again(DOCKER_29.id, "engine")
        .filter((file) => !ONLY_BESIDE.includes(basename(file, ENDING)))
        .map((file) => onEngine(part, file, DOCKER_29.id)),
      ...again(DOCKER_CONTAINER.id, "engine")
        .filter((file) => DOCKER_CONTAINER.files.includes(basename(file, ENDING)))
        .map((file) => inContainer(part, file)),
      ...["engine", "pulumi"]
        .flatMap((folder) => again(LONG.id, folder))
        .filter((file) => hasLong(nameOf(file)))
        .map((file) => ({ part, name: nameOf(file), files: [file] })),
    ];
    if (files.length === 0) return only.length > 0 ? others : [{ part, name: part, files }];
    const groups = real ? files.map((file) => [file]) : balanced(files, lanes, known);
    const here = groups.map((group, at) => {
      const name = group.length > 1 ? `${part} ${at + 1} of ${groups.length}` : nameOf(String(group[0]));
      return { part, name, files: group };
    });
    return [...here, ...others];
  });
  const missing = only.filter((name) => !found.has(name)).map((name) => `"${name}"`);
  if (missing.length === 0) return jobs;
  const where = parts.map(({ name }) => name).join(", ");
  throw new SetupError(
    `${missing.join(", ")} is neither a part of the tests nor a test file of ${where}: give names as test/<part>/<name>${ENDING} has them.`,
  );
}
