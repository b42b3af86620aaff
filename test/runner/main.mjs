/**
 * `npm test [-- <parts> <files> <mocha arguments>]`: the parts of the tests, and one line with all counts at the end.
 * `npm run test:quick`, `npm run test:campaign` and `npm run test:newest` are the same with the first word given.
 */
import { cacheFolder } from "../../scripts/setup/cache.mjs";
import { compile } from "../../scripts/setup/compile.mjs";
import { environment } from "../../scripts/setup/environment.mjs";
import { PROJECT } from "../../scripts/setup/project.mjs";
import { printFailure, step } from "../../scripts/setup/report.mjs";
import { countsLine } from "./counts.mjs";
import { chooseParts } from "./parts.mjs";
import { runParts } from "./run-parts.mjs";

/** The environment of tests with a real engine; what they run is compiled first. */
async function prepared() {
  const { env } = environment();
  const { signal } = new AbortController();
  await step("compile", (say) => compile({ project: PROJECT, cache: cacheFolder(), signal, say }));
  return env;
}

async function test() {
  const choice = chooseParts(process.argv.slice(2));
  const env = choice.parts.some(({ real }) => real) ? await prepared() : process.env;
  const total = await runParts(choice, { project: PROJECT, cache: cacheFolder(), env });
  console.log(`\n${countsLine(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

try {
  process.exitCode = await test();
} catch (error) {
  printFailure(error);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
}
