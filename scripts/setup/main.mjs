/** The set-up of `npm start`, with `--tests` of `npm test`. It runs before there is a node_modules, so it imports none of it. */
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

const isForTests = process.argv.includes("--tests");

const controller = new AbortController();
const { signal } = controller;
const common = { project: PROJECT, cache: cacheFolder(), signal };

/** Does a step, with these variables beside the user's. @type {Does} */
const does = (name, work, variables = {}) => {
  const context = { ...common, env: { ...process.env, ...variables }, log: logFile(common.cache, name) };
  return step(name, (say) => work({ ...context, say }));
};

/** Gives the container engine. */
async function images() {
  const { mainEngine } = isForTests
    ? await import("../../test/set-up/main-engine.mjs")
    : { mainEngine: engine };
  const found = await does("engine", mainEngine);
  await does("base image", (context) => baseImage(context, found.docker), found.environment);
  if (isForTests) await (await import("../../test/set-up/main.mjs")).setUpTests(found, does);
  return found;
}

/** Stops all that runs. What came first is printed and decides the exit code. @type {(code: number, print: () => void) => void} */
function end(code, print) {
  if (!signal.aborted) print();
  process.exitCode ??= code;
  controller.abort();
}
const fail = (/** @type {unknown} */ error) => end(1, () => printFailure(error));

/** Everything that `npm start` and `npm test` need. Some chains run side by side; the first failure stops all. */
async function setUp() {
  const [cli, tree] = [does("pulumi CLI", pulumiCli), does("quickstart", workTree)];
  const packages = does("dependencies", dependencies).then(() => does("compile", compile));
  const chains = /** @type {const} */ ([images(), cli, packages, tree]);
  for (const chain of chains) chain.catch(fail);
  await Promise.allSettled(chains);
  const [{ docker, environment }, pulumi] = await Promise.all(chains);
  remember(PROJECT, { docker: docker.path, pulumi: pulumi.path }, environment);
  bundleLauncher(pulumi, PROJECT);
}

const started = performance.now();
const stopped = formatLine("stopped", "on a signal; the next run goes on from here");
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(name, () => end(130, () => console.error(stopped)));
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
