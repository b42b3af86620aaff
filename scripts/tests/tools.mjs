/**
 * What looks at the sources without running them; each counts as one test.
 * @typedef {{name: string, command: string[]}} Tool `command` is the tool's script in `node_modules`, and its arguments
 */

/** @param {string} name */
const inState = (name) => [
  "--cache",
  ...["--cache-strategy", "content"],
  ...["--cache-location", `.state/${name}.json`],
];

/**
 * The compiler and the formatter remember what can't have changed since the last time. The linter's rules use the types
 * of other files, which its cache knows nothing of: it is for a quick look only.
 * @param {boolean} quick
 * @returns {Tool[]}
 */
export const tools = (quick) => [
  {
    name: "types",
    command: ["typescript/bin/tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", ".state/types.json"],
  },
  { name: "style", command: ["eslint/bin/eslint.js", ".", ...(quick ? inState("eslint") : [])] },
  { name: "format", command: ["prettier/bin/prettier.cjs", "--check", ".", ...inState("prettier")] },
];
