import { comparePackages } from "../provider/packages/compare/compare";
import { canonicalLock } from "../provider/packages/lock/canonical";
import { parseLock } from "../provider/packages/lock/parse";
import type { LockedPackage } from "../provider/packages/lock/types";
import { median, type Result } from "./figures";
import { time } from "./time";
import { manyPackages } from "../test/support/many-packages";

const COUNT = 100_000;
const MOST_MS = 100;

/** The goal is for the first two cases, which are the usual ones. The case in which every package differs is only shown. */
const USUAL = 2;

/** Measures the comparison of two locks of 100,000 packages: equal, with three differences, and with all versions different. */
export async function compare(rounds: number): Promise<Result> {
  const before = manyPackages(COUNT);
  const few = manyPackages(COUNT);
  few.splice(COUNT / 2, 1);
  few[10] = { ...(few[10] as LockedPackage), version: "2" };
  few.push({ ecosystem: "pip", name: "six", version: "1" });
  const all = manyPackages(COUNT).map((item) => ({ ...item, version: `2.${item.version}` }));
  const bytes = canonicalLock({
    schema: 3,
    bases: [],
    packages: before,
    sources: [],
    unpinned: [],
    notCaptured: [],
  });

  const cases = { equal: manyPackages(COUNT), "three differ": few, "all differ": all };
  const rows = [];
  for (const [name, after] of Object.entries(cases)) {
    const ms = [];
    // The first round of a process is slower. It counts too.
    for (let round = 0; round < Math.max(rounds, 10); round++) {
      ms.push(await time(() => comparePackages(before, after)));
    }
    rows.push({ what: `${COUNT.toLocaleString("en")} packages, ${name}`, figures: { ms } });
  }
  const reading = [];
  for (let round = 0; round < rounds; round++) reading.push(await time(() => parseLock(bytes)));
  rows.push({ what: "reading such a lock", figures: { ms: reading } });
  const goals = rows.slice(0, USUAL).map(({ what, figures }) => ({
    what: `median, ${what}`,
    value: median(figures.ms),
    most: MOST_MS,
    unit: "ms" as const,
  }));
  return { rows, goals };
}
