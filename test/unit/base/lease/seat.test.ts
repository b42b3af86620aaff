import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LEASE_TIMES } from "../../../../provider/base/lease/lease";
import { newLease } from "../../../../provider/base/lease/lease-file";
import { inSeat, seatLease } from "../../../../provider/base/lease/seat";
import { NAME } from "../../../../provider/inputs/name";
import { until } from "../../../support/until";
import { removeScratch, scratch } from "../../store/scratch";

const times = { ...LEASE_TIMES, poll: 5, beat: 20 };

describe("inSeat", () => {
  after(removeScratch);
  const silent = (): undefined => undefined;

  for (const limit of [1, 3]) {
    it(`lets ${limit} work at a time, all in the end, and leaves nothing`, async () => {
      const root = scratch();
      let [now, most, done] = [0, 0, 0];
      const full = new EventEmitter();
      const work = async (): Promise<void> => {
        most = Math.max(most, ++now);
        // Nobody leaves before every seat was taken, and then there is time for one too many to come.
        if (now === limit) full.emit("full");
        else if (most < limit) await once(full, "full");
        await sleep(20);
        now -= 1;
        done += 1;
      };
      await Promise.all(Array.from({ length: 10 }, () => inSeat({ root, limit, note: silent, times }, work)));
      assert.deepEqual([most, done], [limit, 10]);
      assert.deepEqual(readdirSync(root), []);
    });
  }

  it("says once for whom it waits, and ends the wait at once when it is told to", async () => {
    const root = scratch();
    const notes: string[] = [];
    const ended = new AbortController();
    await inSeat({ root, limit: 1, note: silent, times }, async () => {
      const note = (words: string): void => void notes.push(words);
      const second = inSeat({ root, limit: 1, note, times, signal: ended.signal }, () =>
        assert.fail("it ran"),
      );
      await until("the word", 50_000, () => notes[0]);
      await sleep(10 * times.poll);
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
    await assert.rejects(
      inSeat({ root, limit: 1, note: silent, times }, () => Promise.reject(new Error("it failed"))),
      /it failed/,
    );
    assert.equal(existsSync(file), false);
  });

  it("has files that no artifact's lease has", () => {
    const name = seatLease("/store", 1).slice("/store/.".length, -".lease".length);
    assert.equal(NAME.test(name), false);
  });
});
