import { echoed, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { rowLog } from "../host/row-log";
import { machineFor } from "./staging-machine";
import { readStep, STEPS } from "./staging-steps";

/** Stops what ran before, starts the new container, and waits until it is healthy. */
async function apply(inputs: Properties): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  const step = readStep(STEPS.health, inputs);
  const health = { url: step.url, deadlineSeconds: step.healthTimeout };
  log.write("step", `starting ${step.name}, healthy at ${step.url} within ${step.healthTimeout} s`);
  try {
    const healthyAfter = await cancellable((signal) => machineFor(inputs).takeOver(step, health, signal));
    log.write("info", `healthy after ${healthyAfter.toFixed(1)} s`);
    return { ...echoed(inputs), healthyAfter };
  } finally {
    await log.flush();
  }
}

/** The step in which the new container takes over. */
export const health = {
  check: (_olds: Properties | undefined, news: Properties) => Promise.resolve({ inputs: news, failures: [] }),
  diff: (_id: string, olds: Properties, news: Properties) =>
    // Any other change makes a new release, and so changes `release`.
    Promise.resolve({ changes: differ(olds, news, ["release", "containerId", "imageId"]), replaces: [] }),
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs) }),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: await apply(news) }),
  delete: () => Promise.resolve(),
};
