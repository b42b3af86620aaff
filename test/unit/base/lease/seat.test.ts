import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withArtifact } from "../../../../provider/base/lease/artifact";
import { LEASE_TIMES } from "../../../../provider/base/lease/lease";
import { newLease, readLease } from "../../../../provider/base/lease/lease-file";
import { inSeat, seatLease } from "../../../../provider/base/lease/seat";
import { NAME } from "../../../../provider/inputs/name";
import { runChild } from "../../../support/child";
import { each } from "../../../support/each";
import { until } from "../../../support/until";
import { removeScratch, scratch } from "../../store/scratch";

const times = { ...LEASE_TIMES, poll: 5, beat: 20 };

describe("inSeat", () => {
  after(removeScratch);
  const silent = (): undefined => undefined;

  each("lets %s work at a time, all in the end, and leaves nothing", [[1], [3]])(async (limit) => {
    const root = scratch();
    let [now, most, done, waiting] = [0, 0, 0, 0];
    let full = false;
    const note = (): void => void (waiting += 1);
    const work = async (): Promise<void> => {
      most = Math.max(most, ++now);
      // Nobody leaves before everybody works or has said that they wait.
      await until("the others", 50_000, () => (full ||= now + waiting >= 10) || null);
      now -= 1;
      done += 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => inSeat({ root, limit, note, times }, work)));
    assert.deepEqual([most, done, readdirSync(root)], [limit, 10, []]);
  });

  it("says once for whom it waits, and ends the wait at once when it is told to", async () => {
    const root = scratch();
    const notes: string[] = [];
    const ended = new AbortController();
    await inSeat({ root, limit: 1, note: silent, times }, async () => {
      const note = (words: string): void => void notes.push(words);
      const asked = { root, limit: 1, note, times, signal: ended.signal };
      const second = inSeat(asked, () => assert.fail("it ran"));
      await until("the word", 50_000, () => notes[0]);
      // Time for more words: two signs of life of the one who works, each after several looks of the one who waits.
      const touched = async (): Promise<number | undefined> =>
        (await readLease(seatLease(root, 1)))?.touchedMs;
      for (const beat of ["first", "second"]) {
        const before = await touched();
        await until(`the ${beat} sign of life`, 50_000, async () => (await touched()) !== before || null);
      }
      ended.abort(new Error("enough"));
      await assert.rejects(second, /^Error: enough$/);
    });
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? "", /^waiting: other verifications .* \(limit 1\): process \d+ on \S+ \(since /);
    assert.deepEqual(readdirSync(root), []);
  });

  it("replaces who is gone, and leaves its seat also after work that fails", async () => {
    const root = scratch();
    const file = seatLease(root, 1);
    writeFileSync(file, JSON.stringify({ ...newLease(), started: "1" }));
    const fails = (): Promise<never> => Promise.reject(new Error("it failed"));
    await assert.rejects(inSeat({ root, limit: 1, note: silent, times }, fails), /it failed/);
    assert.equal(existsSync(file), false);
  });

  it("has files that no artifact's lease has", () => {
    const name = seatLease("/store", 1).slice("/store/.".length, -".lease".length);
    assert.equal(NAME.test(name), false);
  });
});

describe("many processes that find one dead process after the other", function () {
  this.timeout(120_000);
  after(removeScratch);

  it("replace it one at a time, and none takes another one's lease for the dead one's", async () => {
    const root = join(scratch(), "store");
    mkdirSync(root);
    const contender = ["--import", "tsx", join(__dirname, "contender.ts"), root, "30"];
    const contend = () => runChild(process.execPath, contender, { timeoutMs: 100_000 });
    const ends = await Promise.all(Array.from({ length: 4 }, contend));
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr);
    await withArtifact({ root, name: "web", note: () => undefined }, () => Promise.resolve());
    assert.deepEqual(readdirSync(root), []);
  });
});
