/**
 * `npm run test:newest [-- <mocha arguments>]`: the packed package in a new project with the newest SDK, on the newest
 * Node.js (or the one named by NEWEST_NODE: `NEWEST_NODE=24`). Both come from npm and change from day to day, so this is
 * no part of `npm test`.
 */
import { environment } from "../setup/environment.mjs";
import { PROJECT } from "../setup/project.mjs";
import { printFailure } from "../setup/report.mjs";
import { countsLine } from "./counts.mjs";
import { NEWEST } from "./parts.mjs";
import { runParts } from "./run-parts.mjs";

try {
  const { env } = environment();
  const counts = await runParts([NEWEST], { project: PROJECT, env, rest: process.argv.slice(2) });
  console.log(`\n${countsLine(counts)}`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
