import type { SetAside } from "../../stage/release";
import { httpProbe } from "../../stage/http-probe";
import { switchOver } from "../../stage/switch-over";
import { containersFor, echoed, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { rowLog } from "../host/row-log";

/** Starts the fresh container in the place of what ran before, and waits until it is healthy. */
async function apply(inputs: Properties): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  const containers = containersFor(inputs);
  const containerId = String(inputs.containerId);
  const url = String(inputs.url);
  const deadlineSeconds = Number(inputs.healthTimeout);
  log.write("step", `starting ${String(inputs.name)}, healthy at ${url} within ${deadlineSeconds} s`);
  try {
    const release = {
      name: String(inputs.name),
      containerId,
      imageId: String(inputs.imageId),
      before: (inputs.before as SetAside[] | undefined) ?? [],
    };
    const healthyAfter = await cancellable((signal) =>
      switchOver(containers, httpProbe(containers, containerId), release, { url, deadlineSeconds }, signal),
    );
    log.write("info", `healthy after ${healthyAfter.toFixed(1)} s`);
    return { ...echoed(inputs), healthyAfter };
  } finally {
    await log.flush();
  }
}

/** The step in which the fresh container takes over. */
export const health = {
  check: (_olds: Properties | undefined, news: Properties) => Promise.resolve({ inputs: news, failures: [] }),
  diff: (_id: string, olds: Properties, news: Properties) =>
    // Everything else comes with another release.
    Promise.resolve({ changes: differ(olds, news, ["release", "containerId", "imageId"]), replaces: [] }),
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs) }),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: await apply(news) }),
  delete: () => Promise.resolve(),
};
