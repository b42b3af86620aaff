import { isVerifiedImagesError } from "../../base/errors/base";
import type { ImageId } from "../../base/reference/types";
import { namesRegistry } from "../../engines/registry/address";
import { inputOf, type InputFailure } from "../../inputs/failure";
import { askedOnce } from "../../promote/gate/asked-once";
import { takenTargets, type Candidate, type Places, type Taken } from "../../promote/gate/candidate";
import { commitClauses } from "../../promote/gate/commit-clauses";
import { immutableLaterWords, immutableWords } from "../../promote/gate/errors";
import { commitEvidence } from "../../promote/gate/examine";
import type { Evidence } from "../../promote/gate/judge";
import type { Spent } from "../../promote/gate/override";
import { splitTargets } from "../../promote/gate/routes";
import { EXPECTATION, readPromotion, type Asked } from "../../promote/inputs/promotion-inputs";
import { programPaths } from "../host/program-paths";
import { userInputs, type CheckAnswer, type Properties } from "../host/properties";
import { rowLog } from "../host/row-log";
import { isUnknown } from "../host/unknowns";
import { candidateInPreview } from "./candidate";
import { distinct, failureOf, refusals, type AskedFor } from "./failures";
import { demandEngine, placesFor, targetsNow, type TargetsNow } from "./observe";
import { disabledWords, sayAll, settle, type Settled } from "./override";
import { readRecorded, type Recorded } from "./state";
import { imageWords, KNOWN_LATER, liveWords } from "./words";

/** Inputs without which there is no verdict. */
const NEEDED = [
  ...["host", "timeouts", "root", "requireVerified", "enabled"],
  ...["commit", "overrideReason", "immutable"],
];

/** What a check has found, each thing asked for once. */
interface Seen {
  /** What could not be read, by the input that it is about. */
  doubts: InputFailure[];
  /** The engine that has the targets. */
  engineId: string | null;
  targets: TargetsNow;
  /** null: not known yet, or not found. */
  candidate: Candidate | null;
  /** The source is not there any more; the candidate is what was promoted from it. */
  gone: boolean;
  /** Targets that may not be moved and stand for another image. */
  taken: Taken[];
  /** What the work tree says, where there is no image to judge. */
  commit: Evidence["commit"];
  /** Why the verdict comes at the update; null: it is due now. */
  later: string | null;
}

/** Why there is nothing to judge yet; null: all is known that an image is judged by. */
function laterWords({ known, unknown }: Asked): string | null {
  if (NEEDED.some((name) => unknown.has(name))) return "some inputs are";
  if (unknown.has("source")) return "the source is";
  if (unknown.has(EXPECTATION)) return "the expected revision is";
  return unknown.has("targets") && namesRegistry(known.source ?? "") ? "where the targets are is" : null;
}

async function observe(places: Places, asked: Asked, before: Recorded | null): Promise<Seen> {
  const { known, unknown } = asked;
  const seen: Seen = {
    ...{ doubts: [], engineId: null, targets: {}, candidate: null, gone: false, taken: [] },
    ...{ commit: null, later: laterWords(asked) },
  };
  /** Keeps what can't be read among the doubts, and goes on with what can; null: it could not be read. */
  const noted = async <T>(reading: Promise<T>, about: AskedFor = "targets"): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      seen.doubts.push(failureOf(error, about));
      return null;
    }
  };
  const { source, targets } = known;
  if (NEEDED.some((name) => unknown.has(name))) {
    if (before !== null) seen.targets = (await noted(targetsNow(places, targets ?? []))) ?? {};
    return seen;
  }
  const { local, remote } = splitTargets(targets ?? []);
  // A registry that can't tell of its targets now would not let them be moved later.
  if (remote.length > 0) seen.targets = (await noted(targetsNow(places, remote))) ?? {};
  if (targets !== undefined) {
    const then = before?.host === (known.host ?? null) ? before.engineId : null;
    seen.engineId = await noted(demandEngine(places, then, targets));
  } else if (unknown.has("source") || unknown.has(EXPECTATION)) await noted(places.engine.identity());
  // A reason would cover what the work tree says.
  const commit = async (): Promise<Evidence["commit"]> =>
    unknown.has(EXPECTATION) || known.enabled === false || known.overrideReason !== undefined
      ? null
      : await commitEvidence(known);
  // No engine, or another one, is no answer: there is no image to judge.
  if (seen.engineId === null && local.length > 0) return { ...seen, commit: await commit(), later: null };
  if (local.length > 0 && (before !== null || known.immutable === true)) {
    seen.targets = (await noted(targetsNow(places, targets ?? []))) ?? seen.targets;
  }
  if (seen.later !== null || source === undefined) return seen;
  const own = { ...known, source, targets: targets ?? [] };
  const found = await noted(
    candidateInPreview(places, own, before),
    namesRegistry(source) ? "source" : "targets",
  );
  if (found === null) return { ...seen, commit: await commit() };
  if (known.immutable === true) {
    seen.taken = (await noted(takenTargets(places, found.candidate, own.targets))) ?? [];
  }
  return { ...seen, ...found };
}

/** The verdict, and what there is to say and to keep. */
interface Decision {
  failures: InputFailure[];
  said: Settled["said"];
  spent: Spent[];
  promotes: string;
  /** The image that would be promoted; null: not known before the update. */
  promotesId: ImageId | null;
}

function decide({ known, unknown }: Asked, before: Recorded | null, seen: Seen): Decision {
  const { candidate, commit, taken } = seen;
  const failures = [...seen.doubts];
  const spent = before?.spentReasons ?? [];
  if (candidate === null) {
    if (commit)
      failures.push(...refusals(commitClauses(known.expectedRevision ?? "", commit.input, commit.facts)));
    const said: Settled["said"] = [];
    const there = Object.entries(seen.targets).flatMap(([target, at]) =>
      at === null ? [] : [{ target, at }],
    );
    if (known.immutable === true && unknown.has("source") && there.length > 0) {
      said.push({ severity: "warning", words: immutableLaterWords(there) });
    }
    if (seen.later !== null) {
      said.push({ severity: "info", words: `${seen.later} not known yet: the verdict comes at the update` });
    }
    return { failures: distinct(failures), said, spent, promotes: KNOWN_LATER, promotesId: null };
  }
  const settled = settle(candidate, known, spent);
  const disabled = disabledWords(settled.judgement);
  if (!settled.judgement.ok) failures.push(...refusals(settled.judgement.clauses));
  if (taken.length > 0) {
    failures.push(...refusals([{ property: "targets", ok: false, message: immutableWords(taken) }]));
  }
  return {
    failures: distinct(failures),
    said: disabled === null ? settled.said : [...settled.said, { severity: "warning", words: disabled }],
    spent: settled.spent,
    promotes: imageWords(candidate.imageId, candidate.revision),
    promotesId: candidate.imageId,
  };
}

/** Where the targets are, for the preview of a promotion that there is. */
function live({ candidate, gone, targets }: Seen): string {
  const source = candidate === null || gone ? null : candidate;
  return liveWords({
    targets,
    source: source && {
      id: source.onEngine === null ? (source.manifest?.digest ?? source.imageId) : source.imageId,
      fromRegistry: source.onEngine === null,
    },
  });
}

/** Judges in preview and update alike: the only thing that runs in the preview of a first promotion. */
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
      sayAll(log, decision.said);
      keep(inputs, {
        engineId: asked.known.targets === undefined ? inputs.engineId : seen.engineId,
        spentReasons: decision.spent.length === 0 ? undefined : decision.spent,
        promotes: decision.promotes,
        promotesId: decision.promotesId ?? undefined,
        // What a first promotion finds is no news: it would stand in the state and hide the same news later.
        live: before !== null && asked.known.targets !== undefined ? live(seen) : undefined,
      });
    } else if (!wrong.includes("host") && !wrong.includes("timeouts")) {
      await places.engine.identity();
    }
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    failures.push(failureOf(error));
  }
  await log.flush();
  return { inputs: failures.length > 0 ? news : inputs, failures };
}

/** Adds what a check has found to the inputs; a program can't set that itself. */
function keep(inputs: Properties, found: Readonly<Properties>): void {
  for (const [name, value] of Object.entries(found)) {
    if (value === undefined) delete inputs[name];
    else inputs[name] = value;
  }
}
