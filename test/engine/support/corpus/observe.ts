import { buildPlace } from "../../../../provider/packages/lock/transient";
import type { Lock } from "../../../../provider/packages/lock/types";
import type { Outcome } from "../bench";
import { normalisedName } from "../../../support/wheel";
import type { Claim, ExpectedResult } from "./claim";
import { KINDS } from "./claim";
import { ECOSYSTEM } from "./world";

/** What came out of a build, beside the words that say so. */
export interface Seen {
  outcome: Outcome;
  lock: Lock;
  labels: Readonly<Record<string, string>>;
  unfetched: string[];
}

/** The lines of a drift as people see them. */
export function driftLines({ drift }: Pick<Outcome, "drift">): string[] {
  return [
    ...drift.changed.map(({ name, from, to }) => `changed ${name} ${from} -> ${to}`),
    ...drift.added.map(({ name, version }) => `added ${name} ${version}`),
    ...drift.removed.map(({ name, version }) => `removed ${name} ${version}`),
  ];
}

/** A line without the versions that an expectation leaves open. */
function asOpenAs(expected: readonly string[], line: string): string {
  const open = expected.filter((word) => word.endsWith(" *")).map((word) => word.slice(0, -1));
  const start = open.find((words) => line.startsWith(words));
  return start === undefined ? line : `${start}*`;
}

function publishedNames(claim: Claim): Set<string> {
  return new Set(
    KINDS.flatMap((kind) =>
      claim.packages[kind].map(
        ({ name }) => `${ECOSYSTEM[kind]}:${kind === "pip" ? normalisedName(name) : name}`,
      ),
    ),
  );
}

/**
 * What a build came to, in the words of an expectation, so that the two can be compared as a whole: where they
 * differ, the expectation is wrong.
 */
export function observe(claim: Claim, expected: ExpectedResult, seen: Seen): ExpectedResult {
  const { outcome, lock } = seen;
  const published = publishedNames(claim);
  const found: ExpectedResult = {
    state: outcome.verified,
    drift: driftLines(outcome).map((line) => asOpenAs(expected.drift, line)),
    unpinned: outcome.unpinned.map(({ line, kind }) => `${line} ${kind}`),
    lock: {},
    stages: {},
    has: [],
    labels: {},
    unfetched: seen.unfetched,
  };
  if (outcome.reason !== null) {
    const said = expected.reason !== undefined && outcome.reason.includes(expected.reason);
    found.reason = said ? expected.reason : outcome.reason;
  }
  const names = new Set<string>();
  for (const item of lock.packages) {
    const { ecosystem, name, version } = item;
    const full = `${ecosystem}:${name}`;
    const place = buildPlace(item);
    names.add(place === null ? full : `${full} [${place}]`);
    const counts = published.has(full);
    if (!counts) continue;
    const part = place === null ? found.lock : (found.stages[place] ??= {});
    // The same name at two roots: both versions, unless they are one.
    part[full] = part[full] === undefined || part[full] === version ? version : `${part[full]} ${version}`;
  }
  found.has = expected.has.filter((name) => names.has(name));
  for (const label of Object.keys(expected.labels)) found.labels[label] = seen.labels[label] ?? "(none)";
  return found;
}
