/** `npm test [-- <parts> <mocha arguments>]`: every part of the tests, and one line with all counts at the end. */
import { cacheFolder } from "./setup/cache.mjs";
import { compile } from "./setup/compile.mjs";
import { environment } from "./setup/environment.mjs";
import { PROJECT } from "./setup/project.mjs";
import { printFailure, step } from "./setup/report.mjs";
import { countsLine } from "./tests/counts.mjs";
import { chooseParts } from "./tests/parts.mjs";
import { runParts } from "./tests/run-parts.mjs";

async function test() {
  const { parts, rest } = chooseParts(process.argv.slice(2));
  const { env } = environment();
  const { signal } = new AbortController();
  await step("compile", (say) => compile({ project: PROJECT, cache: cacheFolder(), signal }, say));
  const total = await runParts(parts, { project: PROJECT, env, rest });
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
