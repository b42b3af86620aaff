/**
 * `npm test [-- <parts> <files> <mocha arguments>]`: the parts of the tests, and one line with all counts at the end.
 * `npm run test:quick`, `npm run test:campaign` and `npm run test:newest` are the same with the first word given.
 */
import { cacheFolder, logFile } from "../../scripts/setup/cache.mjs";
import { compile } from "../../scripts/setup/compile.mjs";
import { environment } from "../../scripts/setup/environment.mjs";
import { PROJECT } from "../../scripts/setup/project.mjs";
import { printFailure, step } from "../../scripts/setup/report.mjs";
import { countsLine } from "./counts.mjs";
import { CONTAINER_BUILDER, DOCKER_CONTAINER } from "./docker-container.mjs";
import { DOCKER_29 } from "./engines.mjs";
import { chooseParts, hasCampaign } from "./parts.mjs";
import { runParts } from "./run-parts.mjs";

/** The environment of tests with a real engine; what they run is compiled first. @param {ReturnType<typeof chooseParts>} choice */
async function prepared(choice) {
  const { env, docker } = environment();
  const { signal } = new AbortController();
  const common = { project: PROJECT, cache: cacheFolder(), signal, env: process.env };
  await step("compile", (say) => compile({ ...common, say }));
  if (hasCampaign(choice, DOCKER_29.id)) {
    const { another } = await import("../set-up/engines.mjs");
    const log = logFile(common.cache, DOCKER_29.id);
    await step(DOCKER_29.id, (say) => another(DOCKER_29, { ...common, say, log }));
  }
  if (hasCampaign(choice, DOCKER_CONTAINER.id)) {
    const { builderInContainer } = await import("../set-up/builder-in-container.mjs");
    const log = logFile(common.cache, CONTAINER_BUILDER);
    await step(CONTAINER_BUILDER, (say) => builderInContainer({ ...common, env, say, log }, docker));
  }
  return env;
}

async function test() {
  const choice = chooseParts(process.argv.slice(2));
  const env = choice.parts.some(({ real }) => real) ? await prepared(choice) : process.env;
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
