import { isVerifiedImagesError } from "../../base/errors/base";
import { inputOf } from "../../inputs/failure";
import { checkPromotionInputs } from "../../promote/inputs/promotion-inputs";
import { programPaths } from "../host/program-paths";
import { liveWords } from "./promotion-diff";
import { targetsOf } from "./promotion-facts";
import { failureOf } from "./promotion-failure";
import { setSpent } from "./promotion-override";
import { judgeNow } from "./promotion-verdict";
import { engineFor, userInputs, type CheckAnswer, type Properties } from "../host/properties";
import { standingFacts } from "./standing";
import { isUnknown } from "../host/unknowns";
import { rowLog } from "../host/row-log";

/** The one input that an image can be judged without: then the gate says no, and all else that it has to say. */
const EXPECTATION = "expectedRevision";

/** Judges in preview and update alike: the only thing that runs in the preview of a first promotion. */
export async function checkPromotion(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const inputs = programPaths(news, process.cwd());
  setSpent(inputs, olds?.spentReasons);
  const failures = checkPromotionInputs(userInputs(inputs), isUnknown);
  const wrong = failures.map(inputOf);
  const log = rowLog(news.resourceUrn);
  try {
    // What a first promotion finds is no news: it would stand in the state and hide the same news later.
    const isNew = Object.keys(olds ?? {}).length === 0;
    if (!wrong.some((property) => property !== EXPECTATION)) {
      const judged = await judgeNow(inputs, isNew ? null : (olds ?? null), log);
      failures.push(...judged.failures.filter(({ property }) => !wrong.includes(property)));
      inputs.promotes = judged.promotes;
    } else if (!wrong.includes("host") && !wrong.includes("timeouts")) {
      await engineFor(inputs).identity();
    }
    if (!isNew && failures.length === 0 && !isUnknown(inputs.targets)) {
      inputs.live = liveWords(await standingFacts(inputs, targetsOf(inputs)));
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    failures.push(failureOf(error));
  }
  await log.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}
