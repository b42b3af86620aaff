import { isVerifiedImagesError } from "../../base/errors/base";
import { DISABLED } from "../../promote/gate/clause";
import { commitClauses } from "../../promote/gate/commit-clauses";
import { immutableLaterWords, immutableWords } from "../../promote/gate/errors";
import { commitEvidence } from "../../promote/gate/examine";
import { splitTargets } from "../../promote/gate/routes";
import { takenTargets, type Candidate } from "../../promote/gate/candidate";
import type { InputFailure } from "../../inputs/failure";
import type { PromotionInputs } from "../../promote/inputs/promotion-inputs";
import { namesRegistry } from "../../engines/registry/address";
import { distinct, failureOf, refusals, type AskedFor } from "./promotion-failure";
import { targetsNow, targetsOf } from "./promotion-facts";
import { setSpent, settle, spentWith } from "./promotion-override";
import { candidateInPreview } from "./promotion-candidate";
import { imageWords, KNOWN_LATER } from "./promotion-words";
import { engineToRecord } from "./recorded-engine";
import { engineFor, registryFor, userInputs, type Properties } from "../host/properties";
import { isUnknown } from "../host/unknowns";
import type { RowLog } from "../host/row-log";

/** Inputs without which there is no verdict. */
const NEEDED = [
  ...["host", "timeouts", "root", "requireVerified", "enabled"],
  ...["commit", "overrideReason", "immutable"],
];

/** The verdict, and what of the image is said in the preview. */
export interface Judged {
  failures: InputFailure[];
  promotes: string;
}

/** Keeps what can't be read among the failures, and goes on with what can; null: it could not be read. */
async function noted<T>(
  failures: InputFailure[],
  reading: Promise<T>,
  asked: AskedFor = "targets",
): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    failures.push(failureOf(error, asked));
    return null;
  }
}

/** What the work tree says, where there is no image to judge; a reason would cover it. */
async function commitAlone(own: PromotionInputs): Promise<InputFailure[]> {
  if (own.enabled === false || own.overrideReason !== undefined) return [];
  const commit = await commitEvidence(own);
  return commit ? refusals(commitClauses(own.expectedRevision ?? "", commit.input, commit.facts)) : [];
}

/** What the gate says of an image, and of targets that may not be moved. */
async function refusedFor(
  candidate: Candidate,
  inputs: Properties,
  olds: Properties | null,
  log: RowLog,
): Promise<InputFailure[]> {
  const judgement = settle(candidate, inputs, olds ?? {}, log);
  if (judgement.ok) setSpent(inputs, spentWith(olds ?? {}, inputs, candidate.imageId));
  if (judgement.verdict === DISABLED) {
    log.write("warning", `${DISABLED}: the image is tagged whatever its revision (enabled is false)`);
  }
  const failures = judgement.ok ? [] : refusals(judgement.clauses);
  if (inputs.immutable !== true || isUnknown(inputs.targets)) return failures;
  const places = { engine: engineFor(inputs), registry: registryFor(inputs) };
  const taken = await noted(failures, takenTargets(places, candidate, targetsOf(inputs)));
  if (taken !== null && taken.length > 0)
    failures.push(...refusals([{ property: "targets", ok: false, message: immutableWords(taken) }]));
  return failures;
}

/** Says, where an image is not known yet, which targets it would have to be at already. */
function warnOfTaken(there: Readonly<Record<string, string | null>>, log: RowLog): void {
  const taken = Object.entries(there).flatMap(([target, at]) => (at === null ? [] : [{ target, at }]));
  if (taken.length > 0) log.write("warning", immutableLaterWords(taken));
}

/**
 * The verdict in a preview, as far as the inputs are known, with all that is wrong at once; says where it comes at the
 * update only.
 *
 * @param olds the inputs of the promotion that there is; null: there is none
 */
export async function judgeNow(inputs: Properties, olds: Properties | null, log: RowLog): Promise<Judged> {
  const later = (what: string, failures: InputFailure[] = []): Judged => {
    log.write("info", `${what} not known yet: the verdict comes at the update`);
    return { failures, promotes: KNOWN_LATER };
  };
  if (NEEDED.some((name) => isUnknown(inputs[name]))) return later("some inputs are");
  const engine = engineFor(inputs);
  const { local, remote } = splitTargets(targetsOf(inputs));
  const failures: InputFailure[] = [];
  // A registry that can't tell of its targets now would not let them be moved later.
  const inRegistries = isUnknown(inputs.targets) ? null : await noted(failures, targetsNow(inputs, remote));
  const own = userInputs(inputs) as unknown as PromotionInputs;
  if (!isUnknown(inputs.targets)) {
    const engineId = await noted(failures, engineToRecord(engine, inputs, olds));
    if (engineId === null && local.length > 0) {
      // No engine, or another one, is no answer: there is no image to judge.
      failures.push(...(isUnknown(inputs.expectedRevision) ? [] : await commitAlone(own)));
      return { failures: distinct(failures), promotes: KNOWN_LATER };
    }
    inputs.engineId = engineId;
  } else if (isUnknown(inputs.source) || isUnknown(inputs.expectedRevision)) {
    await noted(failures, engine.identity());
  }
  if (inputs.immutable === true && isUnknown(inputs.source) && !isUnknown(inputs.targets)) {
    const onEngine = await noted(failures, targetsNow(inputs, local));
    warnOfTaken({ ...inRegistries, ...onEngine }, log);
  }
  if (isUnknown(inputs.source) || isUnknown(inputs.expectedRevision)) {
    return later(isUnknown(inputs.source) ? "the source is" : "the expected revision is", failures);
  }
  const unknownTargets = isUnknown(own.targets);
  if (unknownTargets && namesRegistry(own.source)) return later("where the targets are is", failures);
  const places = { engine, registry: registryFor(inputs) };
  const about = unknownTargets ? { ...own, targets: [] } : own;
  const asked = namesRegistry(own.source) ? "source" : "targets";
  const candidate = await noted(failures, candidateInPreview(places, about, olds), asked);
  if (candidate === null) failures.push(...(await commitAlone(own)));
  else failures.push(...(await refusedFor(candidate, inputs, olds, log)));
  return {
    failures: distinct(failures),
    promotes: candidate === null ? KNOWN_LATER : imageWords(candidate.imageId, candidate.revision),
  };
}
