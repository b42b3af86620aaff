import assert from "node:assert/strict";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import type { LockedPackage } from "../../../../provider/packages/lock/types";
import { manyPackages } from "../../../support/many-packages";

const COUNT = 100_000;

/** The least milliseconds of processor time of ten runs: neighbours that take the processor do not count. */
function fastest(run: () => unknown): number {
  const times = Array.from({ length: 10 }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe("comparing 100,000 packages", () => {
  it("takes less than 100 ms when three differ", () => {
    const [before, after] = [manyPackages(COUNT), manyPackages(COUNT)];
    after.splice(COUNT / 2, 1);
    (after[10] as LockedPackage).version = "2";
    after.push({ ecosystem: "pip", name: "six", version: "1" });
    const ms = fastest(() => comparePackages(before, after));
    assert.ok(ms < 100, `took ${ms.toFixed(0)} ms`);
  });

  it("stays linear when all differ under one identity", () => {
    const many = (prefix: string): LockedPackage[] =>
      Array.from({ length: COUNT }, (_, at) => ({
        ecosystem: "rpm",
        name: "kernel",
        version: `${prefix}${at}`,
      }));
    const [before, after] = [many("a"), many("b")];
    const start = performance.now();
    assert.equal(comparePackages(before, after).added.length, COUNT);
    assert.ok(performance.now() - start < 5_000);
  });
});
