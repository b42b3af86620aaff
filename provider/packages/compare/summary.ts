import type { Drift } from "../lock/types";
import { visible } from "../../base/words/visible";

/** How many packages a summary names by default. */
const DEFAULT_NAMED = 10;

export function isEmptyDrift(drift: Drift): boolean {
  return driftCount(drift) === 0;
}

/** How many packages differ: changed, added and removed together. */
export function driftCount(drift: Drift): number {
  return drift.changed.length + drift.added.length + drift.removed.length;
}

/**
 * Every difference on a line of its own, such as `changed dpkg:curl 7.88.1-10 -> 7.88.1-11`. Changed packages come
 * first, then added ones, then removed ones. Control characters are spelt out, so that each stays on one line.
 */
export function driftLines(drift: Drift): string[] {
  return [
    ...drift.changed.map(({ name, from, to }) => `changed ${name} ${from} -> ${to}`),
    ...drift.added.map(({ name, version }) => `added ${name} ${version}`),
    ...drift.removed.map(({ name, version }) => `removed ${name} ${version}`),
  ].map(visible);
}

/**
 * The drift on one line: `no drift: 132 packages identical`, or `drift in 3 of 132 packages: changed ...; added ...;
 * removed ...`. It ends with ` … and 7 more` if not all differences are named.
 *
 * @param facts `packages`: how many packages the lock has. `named`: how many differences to name, default 10. If more
 *   packages differ than the lock has, because some were added, the "of" is left out.
 */
export function summarise(drift: Drift, facts: { packages: number; named?: number }): string {
  const count = driftCount(drift);
  if (count === 0) return `no drift: ${plural(facts.packages)} identical`;
  const of = count > facts.packages ? plural(count) : `${count} of ${plural(facts.packages)}`;
  const lines = driftLines(drift);
  const named = Math.max(0, facts.named ?? DEFAULT_NAMED);
  const rest = count > named ? ` … and ${count - named} more` : "";
  return `drift in ${of}: ${lines.slice(0, named).join("; ")}${rest}`;
}

function plural(packages: number): string {
  return packages === 1 ? "1 package" : `${packages} packages`;
}
