import { compareNotCaptured } from "../../packages/compare/not-captured";
import { driftLines, isEmptyDrift, summarise } from "../../packages/compare/summary";
import type { Drift, Lock } from "../../packages/lock/types";
import type { BuildRecord } from "../../store/record";
import type { BuildCapture } from "./capture-build";
import { compareBuilds } from "./compare-builds";
import { NotCapturedMovedError, TransientsUnknownError } from "./errors";
import type { Freed } from "./explain-rebuild";

/** What a rebuild installed, and what its pins had to leave free; null: nothing. */
export interface Rebuilt extends BuildCapture {
  freed: Pick<Freed, "reason" | "names" | "unproven"> | null;
}

/** What a comparison of a build with its rebuild has shown. */
export interface Compared {
  drift: Drift;
  /** One line for people. */
  summary: string;
  /** A sentence that says why they are not identical; null when they are. */
  reason: string | null;
}

/**
 * Compares a build with its rebuild.
 *
 * @param logs of both builds, for words
 * @throws when nothing differs for certain, and it can't be told that nothing does
 */
export function compareRebuild(
  lock: Lock,
  record: Pick<BuildRecord, "incompleteTransients" | "unordered">,
  rebuilt: Rebuilt,
  logs: readonly string[],
): Compared {
  const compared = compareBuilds(
    {
      packages: lock.packages,
      incomplete: record.incompleteTransients ?? null,
      unordered: record.unordered,
    },
    rebuilt,
  );
  const outside = compareNotCaptured(lock.notCaptured, rebuilt.notCaptured);
  const drift = {
    changed: compared.drift.changed,
    added: [...compared.drift.added, ...outside.drift.added],
    removed: [...compared.drift.removed, ...outside.drift.removed],
  };
  const identical = isEmptyDrift(drift);
  const { freed } = rebuilt;
  if (identical) {
    const incomplete = [...(record.incompleteTransients ?? []), ...rebuilt.incomplete];
    const doubts = [
      ...driftLines(compared.unsure),
      ...(incomplete.length > 0 ? passingPins(lock.unpinned) : []),
    ];
    if (doubts.length > 0) throw new TransientsUnknownError(doubts, logs);
    if (freed !== null && freed.unproven !== null) throw freed.unproven;
    if (outside.moved.length > 0) throw new NotCapturedMovedError(outside.moved);
  }
  const files = lock.packages.some((item) => item.ecosystem === "file");
  const summary =
    summarise(drift, { packages: lock.packages.length }) +
    (files ? " (no packages in the image: its files were compared)" : "");
  if (identical) return { drift, summary, reason: null };
  const conflict = freed !== null && isAbout(drift, freed.names) ? freed.reason : null;
  return { drift, summary, reason: conflict ?? `the locked rebuild differs: ${summary}` };
}

/** Whether one of these packages differs, in whatever stage. */
function isAbout({ changed, added, removed }: Drift, names: readonly string[]): boolean {
  return [...changed, ...added, ...removed].some(({ name: shown }) =>
    names.some((name) => shown === name || shown.startsWith(name.endsWith(":") ? name : `${name} `)),
  );
}

/** Steps that may install other Debian packages than the locked ones. A clipped log would not show these. */
function passingPins(unpinned: Lock["unpinned"]): string[] {
  return unpinned
    .filter(({ kind }) => /^(?:apt-|deb-file$)/.test(kind))
    .map(({ line, kind }) => `line ${line} goes past apt's pins: ${kind}`);
}
