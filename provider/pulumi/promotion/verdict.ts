import type { ImageId } from "../../base/reference/types";
import type { InputFailure } from "../../inputs/failure";
import type { Candidate, Taken } from "../../promote/gate/candidate";
import { commitClauses } from "../../promote/gate/commit-clauses";
import { immutableLaterWords, immutableWords } from "../../promote/gate/errors";
import { untouchedWords } from "../../promote/gate/routes";
import type { Evidence } from "../../promote/gate/judge";
import type { Spent } from "../../promote/gate/override";
import type { Asked } from "../../promote/inputs/promotion-inputs";
import { distinct, refusals } from "./failures";
import type { EngineOnRecord, TargetsNow } from "./observe";
import { disabledWords, applyReason, type AppliedReason } from "./override";
import type { Recorded } from "./state";
import { imageWords, KNOWN_LATER, liveWords } from "./words";

/** What a check has observed. */
export interface Seen {
  /** What could not be read, by the input that it is about. */
  doubts: InputFailure[];
  /** The engine that has the targets; null: none, or it could not be read. */
  engine: EngineOnRecord | null;
  targets: TargetsNow;
  /** null: not known yet, or it could not be read. */
  candidate: Candidate | null;
  /** true: the source does not exist any more, and the candidate is the image that was promoted from it. */
  gone: boolean;
  /** With `immutable`: the targets that point at another image. */
  taken: Taken[];
  /** What the work tree says, if there is no image to judge. */
  commit: Evidence["commit"];
  /** Why the verdict only comes at the update; null: it comes now. */
  later: string | null;
}

/** What a check answers and logs. */
export interface Decision {
  failures: InputFailure[];
  said: AppliedReason["said"];
  spent: Spent[];
  promotes: string;
  /** The image that would be promoted; null: not known before the update. */
  promotesId: ImageId | null;
}

export function decide({ known, unknown }: Asked, before: Recorded | null, seen: Seen): Decision {
  const { candidate, commit, taken } = seen;
  const failures = [...seen.doubts];
  const spent = before?.spentReasons ?? [];
  const untouched = untouchedWords(known.targets);
  if (candidate === null) {
    if (commit)
      failures.push(
        ...refusals(commitClauses(known.expectedRevision ?? "", commit.input, commit.facts), untouched),
      );
    const said: AppliedReason["said"] = [];
    const there = Object.entries(seen.targets).flatMap(([target, at]) =>
      at === null ? [] : [{ target, at }],
    );
    if (known.immutable === true && unknown.has("source") && there.length > 0) {
      said.push({ severity: "warning", words: immutableLaterWords(there) });
    }
    if (seen.later !== null) {
      said.push({ severity: "info", words: `the verdict comes at the update: ${seen.later} not known yet` });
    }
    return { failures: distinct(failures), said, spent, promotes: KNOWN_LATER, promotesId: null };
  }
  const settled = applyReason(candidate, known, spent);
  const disabled = disabledWords(settled.judgement);
  if (!settled.judgement.ok) failures.push(...refusals(settled.judgement.clauses, untouched));
  if (taken.length > 0) {
    failures.push(
      ...refusals([{ property: "targets", ok: false, message: immutableWords(taken) }], untouched),
    );
  }
  return {
    failures: distinct(failures),
    said: disabled === null ? settled.said : [...settled.said, { severity: "warning", words: disabled }],
    spent: settled.spent,
    promotes: imageWords(candidate.imageId, candidate.revision),
    promotesId: candidate.imageId,
  };
}

/** A text on where the targets point. As an input, a preview can show it. */
export function live({ candidate, gone, targets }: Seen): string {
  const source = candidate === null || gone ? null : candidate;
  return liveWords({
    targets,
    source: source && {
      id: source.onEngine === null ? (source.manifest?.digest ?? source.imageId) : source.imageId,
      fromRegistry: source.onEngine === null,
    },
  });
}
