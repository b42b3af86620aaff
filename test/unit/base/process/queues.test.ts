import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { KeyedMutex } from "../../../../provider/base/process/keyed-mutex";
import { Semaphore, type Queue } from "../../../../provider/base/process/semaphore";

describe("Semaphore", () => {
  /** Workers who take a seat and keep it until they are told to let go. */
  function workers(limit: number) {
    const seats = new Semaphore();
    const holding: string[] = [];
    const told: Record<string, Queue> = {};
    const start = async (name: string, signal?: AbortSignal, own = limit): Promise<() => void> => {
      const release = await seats.take(own, { signal, onWait: (queue) => (told[name] = queue) });
      holding.push(name);
      return () => {
        holding.splice(holding.indexOf(name), 1);
        release();
      };
    };
    return { seats, holding, told, start };
  }

  it("gives out so many seats and no more, first come first served", async () => {
    const { start, holding, told } = workers(2);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => start(name));
    const [endA, endB] = [await a, await b];
    await turn();
    assert.deepEqual(holding, ["a", "b"]);
    assert.deepEqual(told, { c: { running: 2, ahead: 0 }, d: { running: 2, ahead: 1 } });
    endB?.();
    await c;
    assert.deepEqual(holding, ["a", "c"]);
    endA?.();
    await d;
    assert.deepEqual(holding, ["c", "d"]);
  });

  it("never has more at work than the limit, whatever the order of their ends", async () => {
    const seats = new Semaphore();
    let [now, most] = [0, 0];
    const work = async (index: number): Promise<void> => {
      const release = await seats.take(3);
      most = Math.max(most, ++now);
      for (let turns = (index * 7) % 5; turns >= 0; turns--) await turn();
      now -= 1;
      release();
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => work(index)));
    assert.deepEqual([most, seats.running, seats.waiting], [3, 0, 0]);
  });

  it("ends the wait of one who is aborted at once, with the reason, and lets those behind it move up", async () => {
    const { start, holding, seats } = workers(1);
    const end = await start("a");
    const controller = new AbortController();
    const aborted = start("b", controller.signal);
    const last = start("c");
    const reason = new Error("cancelled");
    controller.abort(reason);
    await assert.rejects(aborted, (error) => error === reason);
    assert.equal(seats.waiting, 1);
    end();
    await last;
    assert.deepEqual(holding, ["c"]);
  });

  it("gives nothing to one who was aborted before, and takes nothing back from one who is aborted after", async () => {
    const { start, seats } = workers(1);
    await assert.rejects(start("a", AbortSignal.abort()), { name: "AbortError" });
    assert.equal(seats.running, 0);
    const controller = new AbortController();
    await start("b", controller.signal);
    controller.abort();
    assert.equal(seats.running, 1);
  });

  it("takes a seat back once, however often it is given back", async () => {
    const { start, seats } = workers(1);
    const end = await start("a");
    end();
    const other = start("b");
    end();
    await other;
    assert.equal(seats.running, 1);
  });

  it("admits those with a larger limit when their turn has come, and nobody past the head of the queue", async () => {
    const { start, holding } = workers(1);
    const end = await start("a");
    const [strict, lax] = [start("b", undefined, 1), start("c", undefined, 5)];
    await turn();
    assert.deepEqual(holding, ["a"]);
    end();
    await Promise.all([strict, lax]);
    assert.deepEqual(holding, ["b", "c"]);
  });
});

describe("KeyedMutex", () => {
  it("lets one in for each key, in order, and forgets keys that nobody uses", async () => {
    const mutex = new KeyedMutex();
    const entered: string[] = [];
    const enter = async (key: string, name: string): Promise<() => void> => {
      const leave = await mutex.enter(key, { onWait: () => entered.push(`${name} waits`) });
      entered.push(name);
      return leave;
    };
    const [first, other] = await Promise.all([enter("x", "a"), enter("y", "b")]);
    const second = enter("x", "c");
    await turn();
    assert.deepEqual(entered, ["a", "b", "c waits"]);
    for (const leave of [other, first, first]) leave();
    const leave = await second;
    assert.deepEqual([entered.at(-1), mutex.size], ["c", 1]);
    leave();
    assert.equal(mutex.size, 0);
  });

  it("forgets one who was aborted while waiting, or before", async () => {
    const mutex = new KeyedMutex();
    const leave = await mutex.enter("x");
    const controller = new AbortController();
    const waiting = mutex.enter("x", { signal: controller.signal });
    controller.abort(new Error("cancelled"));
    await assert.rejects(waiting, /^Error: cancelled$/);
    leave();
    assert.equal(mutex.size, 0);
    await assert.rejects(mutex.enter("x", { signal: AbortSignal.abort() }));
    assert.equal(mutex.size, 0);
  });
});
