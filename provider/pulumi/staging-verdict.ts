import type { Judgement } from "../gate/clause";
import { examine } from "../gate/examine";
import type { PromotionInputs } from "../inputs/promotion-inputs";
import type { SetAside } from "../staging/release";
import { concludeRelease } from "../staging/verdict";
import { programPaths } from "./program-paths";
import { containersFor, echoed, engineFor, type CheckAnswer, type Properties } from "./properties";
import { changedInputs } from "./same";
import { cancellable } from "./shutdown";
import { voiceOf } from "./voice";

/** What the promotion after this will ask of the image. */
async function gate(inputs: Properties): Promise<Judgement> {
  const { expectedRevision, enabled, root, requireVerified } = inputs as unknown as PromotionInputs;
  const source = String(inputs.imageId);
  const asked: PromotionInputs = { source, targets: [], expectedRevision, enabled, root, requireVerified };
  return (await examine(engineFor(inputs), asked)).judgement;
}

/** Judges the release: green, or staging goes back to what ran before. */
async function apply(inputs: Properties): Promise<Properties> {
  const voice = voiceOf(inputs.resourceUrn);
  const release = {
    name: String(inputs.name),
    containerId: String(inputs.containerId),
    imageId: String(inputs.imageId),
    before: (inputs.before as SetAside[] | undefined) ?? [],
    checkOutput: (inputs.checkOutput as string | undefined) ?? "",
  };
  // Begun, it goes to its end: a verdict takes no time, and half of one is none.
  const judgement = await cancellable(() =>
    concludeRelease(containersFor(inputs), () => gate(inputs), release),
  );
  voice.say("info", `staging is green: ${judgement.verdict}`);
  await voice.flush();
  return echoed(inputs);
}

function check(_olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  return Promise.resolve({ inputs: programPaths(news, process.cwd()), failures: [] });
}

/** The last step before the promotion. */
export const verdict = {
  check,
  diff: (_id: string, olds: Properties, news: Properties) =>
    Promise.resolve({ changes: changedInputs(olds, news).length > 0, replaces: [] }),
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs) }),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: await apply(news) }),
  delete: () => Promise.resolve(),
};
