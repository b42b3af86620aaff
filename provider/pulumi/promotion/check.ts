import { isVerifiedImagesError } from "../../base/errors/base";
import { namesRegistry } from "../../engines/registry/address";
import { inputOf } from "../../inputs/failure";
import { askedOnce } from "../../promote/gate/asked-once";
import { takenTargets, type Places } from "../../promote/gate/candidate";
import { commitEvidence } from "../../promote/gate/examine";
import type { Evidence } from "../../promote/gate/judge";
import { promotesSif, splitTargets, untouchedWords } from "../../promote/gate/routes";
import { EXPECTATION, readPromotion, type Asked } from "../../promote/inputs/promotion-inputs";
import { ignoredInCheck } from "../host/ignored";
import { programPaths } from "../host/program-paths";
import { userInputs, type CheckAnswer, type Properties } from "../host/properties";
import { rowLog } from "../host/row-log";
import { isUnknown } from "../host/unknowns";
import { candidateInPreview } from "./candidate";
import { failureOf, type AskedFor } from "./failures";
import { demandEngine, placesFor, targetsNow } from "./observe";
import { logAll } from "./override";
import { readRecorded, type Recorded } from "./state";
import { decide, live, type Seen } from "./verdict";

/** Inputs that have to be known before an image can be judged. */
const NEEDED = [
  ...["host", "timeouts", "root", "requireVerified", "enabled"],
  ...["commit", "overrideReason", "immutable"],
];

/** Why the image can't be judged yet: the subject of "... not known yet". null: everything needed is known. */
function laterWords({ known, unknown }: Asked): string | null {
  if (NEEDED.some((name) => unknown.has(name))) return "some inputs are";
  if (unknown.has("source")) return "the source is";
  if (unknown.has(EXPECTATION)) return "the expected revision is";
  return unknown.has("targets") && namesRegistry(known.source ?? "") ? "the targets are" : null;
}

async function observe(places: Places, asked: Asked, before: Recorded | null): Promise<Seen> {
  const { known, unknown } = asked;
  const seen: Seen = {
    ...{ doubts: [], engine: null, targets: {}, candidate: null, gone: false, taken: [] },
    ...{ commit: null, later: laterWords(asked) },
  };
  /** Adds a failure to read something to the doubts, and goes on; null: it could not be read. */
  const noted = async <T>(reading: Promise<T>, about: AskedFor = "targets"): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      seen.doubts.push(failureOf(error, untouchedWords(known.targets), about));
      return null;
    }
  };
  const { source, targets } = known;
  if (NEEDED.some((name) => unknown.has(name))) {
    if (before !== null) seen.targets = (await noted(targetsNow(places, targets ?? []))) ?? {};
    return seen;
  }
  const { local, remote, files } = splitTargets(targets ?? []);
  // If a registry or a folder can't be read now, its targets could not be moved later either.
  if (remote.length + files.length > 0)
    seen.targets = (await noted(targetsNow(places, [...remote, ...files]))) ?? {};
  if (targets !== undefined) {
    const then = before?.host === (known.host ?? null) ? before : null;
    seen.engine = await noted(demandEngine(places, then, targets));
  } else if (!promotesSif(known) && (unknown.has("source") || unknown.has(EXPECTATION)))
    await noted(places.engine.identity());
  // With an override reason, refusals about the work tree are covered, so it is not asked.
  const commit = async (): Promise<Evidence["commit"]> =>
    unknown.has(EXPECTATION) || known.enabled === false || known.overrideReason !== undefined
      ? null
      : await commitEvidence(known);
  // Without the right engine there is no image to judge.
  if (seen.engine === null && local.length > 0) return { ...seen, commit: await commit(), later: null };
  if (local.length > 0 && (before !== null || known.immutable === true)) {
    seen.targets = (await noted(targetsNow(places, targets ?? []))) ?? seen.targets;
  }
  if (seen.later !== null || source === undefined) return seen;
  const own = { ...known, source, targets: targets ?? [] };
  const found = await noted(
    candidateInPreview(places, own, before),
    namesRegistry(source) || promotesSif(own) ? "source" : "targets",
  );
  if (found === null) return { ...seen, commit: await commit() };
  if (known.immutable === true) {
    seen.taken = (await noted(takenTargets(places, found.candidate, own.targets))) ?? [];
  }
  return { ...seen, ...found };
}

/** Judges a promotion, in preview and update alike. In the preview of a first promotion nothing else runs. */
export async function checkPromotion(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const inputs = programPaths(news, process.cwd());
  const { asked, failures } = readPromotion(userInputs(inputs), isUnknown);
  const wrong = failures.map(inputOf);
  const log = rowLog(news.resourceUrn);
  const places = askedOnce(placesFor(asked.known));
  try {
    const before = readRecorded(olds);
    if (!wrong.some((property) => property !== EXPECTATION)) {
      const seen = await observe(places, asked, before);
      const decision = decide(asked, before, seen);
      failures.push(...decision.failures.filter(({ property }) => !wrong.includes(property)));
      logAll(log, decision.said);
      const ignored = ignoredInCheck(olds, news);
      keep(inputs, {
        ...(asked.known.targets === undefined ? {} : (seen.engine ?? { engineId: null, engineStore: null })),
        spentReasons: decision.spent.length === 0 ? undefined : decision.spent,
        promotes: decision.promotes,
        promotesId: decision.promotesId ?? undefined,
        // Not for a first promotion: the text would go into the state, and hide the same text in a later preview.
        ignored: ignored.length > 0 ? ignored : undefined,
        live: before !== null && asked.known.targets !== undefined ? live(seen) : undefined,
      });
    } else if (!promotesSif(asked.known) && !wrong.includes("host") && !wrong.includes("timeouts")) {
      await places.engine.identity();
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    failures.push(failureOf(error, untouchedWords(asked.known.targets)));
  }
  await log.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}

/** Adds what the check found to the inputs, and removes what a program may have set there itself. */
function keep(inputs: Properties, found: Readonly<Properties>): void {
  for (const [name, value] of Object.entries(found)) {
    if (value === undefined) delete inputs[name];
    else inputs[name] = value;
  }
}
