import { isVerifiedImagesError, type VerifiedImagesError } from "../errors/base";
import { DISABLED } from "../gate/clause";
import { examine } from "../gate/examine";
import { SourceMissingError } from "../gate/resolve-source";
import type { InputFailure } from "../inputs/failure";
import { checkPromotionInputs, type PromotionInputs } from "../inputs/promotion-inputs";
import { StoreError } from "../store/errors";
import { programPaths } from "./program-paths";
import { liveWords } from "./promotion-diff";
import { factsOf, targetsOf } from "./promotion-facts";
import { engineFor, userInputs, type CheckAnswer, type Properties } from "./properties";
import { isUnknown } from "./unknowns";
import { voiceOf, type Voice } from "./voice";

/** Inputs without which there is no verdict. */
const NEEDED = ["host", "timeouts", "root", "requireVerified", "enabled"];

/** The verdict, as far as the inputs are known; says where it comes at the update only. */
async function judgeNow(inputs: Properties, voice: Voice): Promise<InputFailure[]> {
  if (NEEDED.some((name) => isUnknown(inputs[name]))) {
    voice.say("info", "some inputs are not known yet: the verdict comes at the update");
    return [];
  }
  const engine = engineFor(inputs);
  if (isUnknown(inputs.source) || isUnknown(inputs.expectedRevision)) {
    const what = isUnknown(inputs.source) ? "the source" : "the expected revision";
    await engine.identity();
    voice.say("info", `${what} is not known yet: the verdict comes at the update`);
    return [];
  }
  const { judgement } = await examine(engine, userInputs(inputs) as unknown as PromotionInputs);
  if (judgement.verdict === DISABLED) {
    voice.say("warning", `${DISABLED}: the image is tagged whatever its revision (enabled is false)`);
  }
  return judgement.clauses
    .filter(({ ok }) => !ok)
    .map(({ property, message }) => ({ property, reason: `${message}; no tag was moved` }));
}

function propertyOf(error: VerifiedImagesError): string {
  if (error instanceof SourceMissingError) return "source";
  return error instanceof StoreError ? "root" : "host";
}

/** Judges in preview and update alike: the only thing that runs in the preview of a first promotion. */
export async function checkPromotion(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const inputs = programPaths(news, process.cwd());
  const failures = checkPromotionInputs(userInputs(inputs), isUnknown);
  const wrong = failures.map(({ property }) => property.split(".")[0]);
  const voice = voiceOf(news.resourceUrn);
  try {
    if (failures.length === 0) failures.push(...(await judgeNow(inputs, voice)));
    else if (!wrong.includes("host") && !wrong.includes("timeouts")) await engineFor(inputs).identity();
    // What a first promotion finds is no news: it would stand in the state and hide the same news later.
    const isNew = Object.keys(olds ?? {}).length === 0;
    if (!isNew && failures.length === 0 && !isUnknown(inputs.targets)) {
      inputs.live = liveWords(await factsOf(inputs, targetsOf(inputs)));
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    failures.push({ property: propertyOf(error), reason: `${error.message}; no tag was moved` });
  }
  await voice.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}
