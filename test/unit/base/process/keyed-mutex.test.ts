import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { KeyedMutex } from "../../../../provider/base/process/keyed-mutex";

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
    other();
    first();
    first();
    const leave = await second;
    assert.deepEqual(entered, ["a", "b", "c waits", "c"]);
    assert.equal(mutex.size, 1);
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
