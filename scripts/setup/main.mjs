import { baseImage } from "./base-image.mjs";
import { cacheFolder, prepareCache } from "./cache.mjs";
import { compile } from "./compile.mjs";
import { composePlugin } from "./compose-plugin.mjs";
import { dependencies } from "./dependencies.mjs";
import { engine } from "./engine.mjs";
import { StoppedError } from "./failure.mjs";
import { modernBuilder } from "./modern-builder.mjs";
import { PROJECT } from "./project.mjs";
import { bundleLauncher, pulumiCli } from "./pulumi-cli.mjs";
import { remember } from "./remembered.mjs";
import { formatLine, formatSeconds, printFailure, step } from "./report.mjs";
import { testTools } from "./test-tools.mjs";
import { workTree } from "./work-tree.mjs";

/** What only the tests need is made with this argument. */
const FOR_TESTS = "--tests";

/** Everything that `npm start` and `npm test` need. Some chains run side by side; the first failure stops all. */
async function setUp(controller) {
  const context = { project: PROJECT, cache: cacheFolder(), signal: controller.signal };
  prepareCache(context.cache);
  const packages = async () => {
    await step("dependencies", (say) => dependencies(context, say));
    await step("compile", (say) => compile(context, say));
  };
  const images = async () => {
    const { docker } = await step("engine", (say) => engine(context, say));
    await step("base image", (say) => baseImage({ ...context, docker }, say));
    if (process.argv.includes(FOR_TESTS)) {
      await step("test tools", (say) => testTools(context, say));
      await step("compose", (say) => composePlugin({ ...context, docker }, say));
      await step("builder", (say) => modernBuilder({ ...context, docker }, say));
    }
    return docker.path;
  };
  const chains = [
    packages(),
    images(),
    step("pulumi CLI", (say) => pulumiCli(context, say)),
    step("quickstart", (say) => workTree(context, say)),
  ];
  const failures = [];
  const watched = chains.map((chain) =>
    chain.catch((error) => {
      if (!(error instanceof StoppedError)) failures.push(error);
      controller.abort();
    }),
  );
  const [, docker, cli] = await Promise.all(watched);
  if (docker && cli) remember(context.project, { docker, pulumi: cli.path });
  if (failures.length === 0 && !controller.signal.aborted) {
    bundleLauncher(context.cache, cli.path, context.project);
  }
  return failures;
}

const started = performance.now();
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => controller.abort());
try {
  const failures = await setUp(controller);
  failures.forEach((failure) => printFailure(failure));
  if (failures.length > 0) process.exitCode = 1;
  else if (controller.signal.aborted) {
    console.error(formatLine("stopped", "on a signal; the next run goes on from here"));
    process.exitCode = 130;
  } else console.log(formatLine("ready", `after ${formatSeconds(performance.now() - started)}`));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
