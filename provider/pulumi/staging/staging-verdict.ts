import type { Judgement } from "../../promote/gate/clause";
import { examine } from "../../promote/gate/examine";
import type { PromotionInputs } from "../../promote/inputs/promotion-inputs";
import type { SetAside } from "../../stage/release";
import { discard } from "../../stage/set-aside";
import { concludeRelease } from "../../stage/verdict";
import { programPaths } from "../host/program-paths";
import { containersFor, echoed, engineFor, type CheckAnswer, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { rowLog } from "../host/row-log";
import { messageOf } from "../../base/errors/message";

/** What a verdict is about; everything else comes with another release. */
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

/** What the promotion after this will ask of the image. */
async function gate(inputs: Properties): Promise<Judgement> {
  const { expectedRevision, enabled, root, requireVerified } = inputs as unknown as PromotionInputs;
  const source = String(inputs.imageId);
  const asked: PromotionInputs = { source, targets: [], expectedRevision, enabled, root, requireVerified };
  return (await examine(engineFor(inputs), asked)).judgement;
}

/** Judges the release: green, or staging goes back to what ran before. */
async function apply(inputs: Properties): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  const containers = containersFor(inputs);
  const release = {
    release: String(inputs.release),
    name: String(inputs.name),
    containerId: String(inputs.containerId),
    imageId: String(inputs.imageId),
    before: (inputs.before as SetAside[] | undefined) ?? [],
    checkOutput: (inputs.checkOutput as string | undefined) ?? "",
  };
  // Begun, it goes to its end: a verdict takes no time, and half of one is none.
  const judgement = await cancellable(async () => {
    const green = await concludeRelease(containers, () => gate(inputs), release);
    await discard(containers, release.before).catch((error: unknown) => {
      const detail = messageOf(error);
      log.write("warning", `what ran before could not be removed: ${detail}`);
    });
    return green;
  });
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
