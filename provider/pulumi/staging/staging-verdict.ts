import { examine } from "../../promote/gate/examine";
import { programPaths } from "../host/program-paths";
import { echoed, engineFor, type CheckAnswer, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { rowLog } from "../host/row-log";
import { machineFor } from "./staging-machine";
import { readStep, STEPS } from "./staging-steps";

/** A change of any of these needs a new verdict. Any other change makes a new release, and so changes `release`. */
const COMPARED = [
  "release",
  "containerId",
  "imageId",
  "checkOutput",
  "expectedRevision",
  "enabled",
  "root",
  "requireVerified",
];

/** Judges the release as its promotion will. If it is not green, staging is put back. */
async function apply(inputs: Properties): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  const step = readStep(STEPS.verdict, inputs);
  const asked = {
    source: step.imageId,
    expectedRevision: step.expectedRevision ?? undefined,
    enabled: step.enabled ?? undefined,
    root: step.root ?? undefined,
    requireVerified: step.requireVerified ?? undefined,
  };
  const gate = async () => (await examine(engineFor(inputs), asked)).judgement;
  // Not interrupted once it has begun: it takes little time, and staging must not be left half judged.
  const judgement = await cancellable(() => machineFor(inputs, log).conclude(step, gate));
  log.write("info", `staging is green: ${judgement.verdict}`);
  await log.flush();
  return echoed(inputs);
}

function check(_olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  return Promise.resolve({ inputs: programPaths(news, process.cwd()), failures: [] });
}

/** The last step before the promotion. */
export const verdict = {
  check,
  diff: (_id: string, olds: Properties, news: Properties) =>
    Promise.resolve({ changes: differ(olds, news, COMPARED), replaces: [] }),
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs) }),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: await apply(news) }),
  delete: () => Promise.resolve(),
};
