/** The set-up of `npm start` and `npm test`. It runs before there is a node_modules, so it imports nothing of it. */
import { join } from "node:path";
import { baseImage } from "./base-image.mjs";
import { cacheFolder, logFile, prepareCache } from "./cache.mjs";
import { compile } from "./compile.mjs";
import { dependencies } from "./dependencies.mjs";
import { engine } from "./engine.mjs";
import { remember } from "./environment.mjs";
import { withLock } from "./lock.mjs";
import { PROJECT, stateFolder } from "./project.mjs";
import { bundleLauncher, pulumiCli } from "./pulumi-cli.mjs";
import { formatLine, formatSeconds, printFailure, step } from "./report.mjs";
import { workTree } from "./work-tree.mjs";

/** With this argument it also makes what only the tests need. */
const FOR_TESTS = "--tests";

const controller = new AbortController();
const { signal } = controller;
const common = { project: PROJECT, cache: cacheFolder(), env: process.env, signal };

/** @typedef {import("./engine.mjs").Engine} Engine */

/** @type {<T extends Outcome>(name: string, work: (context: Context) => Promise<T>) => Promise<T>} */
const does = (name, work) => step(name, (say) => work({ ...common, say, log: logFile(common.cache, name) }));

/**
 * A step that uses the container engine.
 * @type {(engine: Engine, name: string, work: (context: Context) => Promise<Outcome>) => Promise<Outcome>}
 */
const doesWith = ({ environment }, name, work) =>
  does(name, (context) => work({ ...context, env: { ...context.env, ...environment } }));

async function packages() {
  await does("dependencies", dependencies);
  await does("compile", (context) => compile(context, context.say));
}

/** Gives the container engine. */
async function images() {
  const isForTests = process.argv.includes(FOR_TESTS);
  const { mainEngine } = isForTests
    ? await import("../../test/set-up/main-engine.mjs")
    : { mainEngine: engine };
  const found = await does("engine", mainEngine);
  const { docker } = found;
  await doesWith(found, "base image", (context) => baseImage(context, docker));
  if (isForTests) {
    const { testTools } = await import("../../test/set-up/test-tools.mjs");
    const { builder, compose } = await import("../../test/set-up/builder.mjs");
    const { registryTools } = await import("../../test/set-up/registry-tools.mjs");
    await does("test tools", testTools);
    await does("registry tools", registryTools);
    await doesWith(found, "compose", (context) => compose(context, docker.path));
    await doesWith(found, "builder", (context) => builder(context, docker.path));
    const { otherEngines } = await import("../../test/set-up/engines.mjs");
    await otherEngines(does);
  }
  return found;
}

/** @param {unknown} error */
function fail(error) {
  if (!signal.aborted) printFailure(error);
  process.exitCode ??= 1;
  controller.abort();
}

/** Everything that `npm start` and `npm test` need. Some chains run side by side; the first failure stops all. */
async function setUp() {
  const chains = /** @type {const} */ ([
    images(),
    does("pulumi CLI", pulumiCli),
    packages(),
    does("quickstart", workTree),
  ]);
  for (const chain of chains) chain.catch(fail);
  await Promise.allSettled(chains);
  const [{ docker, environment }, cli] = await Promise.all(chains);
  remember(PROJECT, { docker: docker.path, pulumi: cli.path }, environment);
  bundleLauncher(cli, PROJECT);
}

const started = performance.now();
const stop = () => {
  if (!signal.aborted) console.error(formatLine("stopped", "on a signal; the next run goes on from here"));
  process.exitCode ??= 130;
  controller.abort();
};
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
const waiting = { signal, say: (/** @type {string} */ text) => console.log(formatLine("waiting", text)) };
try {
  prepareCache(common.cache);
  // Two at once wait for each other: those of this checkout, and those with the same cache.
  const lock = (/** @type {string} */ folder) => join(folder, "set-up.lock");
  const cached = () => withLock(lock(common.cache), waiting, setUp);
  await withLock(lock(stateFolder()), waiting, cached);
  console.log(formatLine("ready", `after ${formatSeconds(performance.now() - started)}`));
} catch (error) {
  fail(error);
}
