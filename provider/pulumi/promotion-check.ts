import { isVerifiedImagesError } from "../errors/base";
import { DISABLED } from "../gate/clause";
import { examine } from "../gate/examine";
import { SourceMissingError } from "../gate/resolve-source";
import { checkPromotionInputs, type PromotionInputs } from "../inputs/promotion-inputs";
import { programPaths } from "./program-paths";
import { liveWords } from "./promotion-diff";
import { factsOf, targetsOf } from "./promotion-facts";
import { engineFor, userInputs, type CheckAnswer, type Properties } from "./properties";
import { isUnknown } from "./unknowns";
import { voiceOf } from "./voice";

/** Judges in preview and update alike: the only thing that runs in the preview of a first promotion. */
export async function checkPromotion(_olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const inputs = programPaths(news, process.cwd());
  const own = userInputs(inputs);
  const failures = checkPromotionInputs(own, isUnknown);
  if (failures.length > 0) return { inputs: news, failures };
  const voice = voiceOf(news.resourceUrn);
  try {
    if (["host", "timeouts", "root", "enabled"].some((name) => isUnknown(inputs[name]))) {
      voice.say("info", "some inputs are not known yet: the verdict comes at the update");
    } else if (isUnknown(inputs.source) || isUnknown(inputs.expectedRevision)) {
      const what = isUnknown(inputs.source) ? "the source" : "the expected revision";
      await engineFor(inputs).identity();
      voice.say("info", `${what} is not known yet: the verdict comes at the update`);
    } else {
      const { judgement } = await examine(engineFor(inputs), own as unknown as PromotionInputs);
      for (const { property, ok, message } of judgement.clauses) {
        if (!ok) failures.push({ property, reason: `${message}; no tag was moved` });
      }
      if (judgement.verdict === DISABLED) {
        voice.say("warning", `${DISABLED}: the image is tagged whatever its revision (enabled is false)`);
      }
    }
    if (failures.length === 0 && !isUnknown(inputs.targets)) {
      inputs.live = liveWords(await factsOf(inputs, targetsOf(inputs)));
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const property = error instanceof SourceMissingError ? "source" : "host";
    failures.push({ property, reason: `${error.message}; no tag was moved` });
  }
  await voice.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}
