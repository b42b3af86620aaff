import assert from "node:assert/strict";
import { inOrder } from "../../support/in-order";

describe("tests that tell one story", () => {
  /** Registers three tests; `ran` lists those whose body has run. */
  function story(second: () => Promise<void> = () => Promise.resolve()) {
    const tests = new Map<string, () => void | Promise<void>>();
    const ran: string[] = [];
    const step = inOrder((title, body) => tests.set(title, body));
    const bodies = { first: () => Promise.resolve(), second, third: () => Promise.resolve() };
    for (const [title, body] of Object.entries(bodies)) {
      step(title, () => {
        ran.push(title);
        return body();
      });
    }
    const run = async (title: string): Promise<void> => await (tests.get(title) ?? assert.fail(title))();
    return { ran, run };
  }

  it("run in order, each once", async () => {
    const { ran, run } = story();
    for (const title of ["first", "second", "third"]) await run(title);
    assert.deepEqual(ran, ["first", "second", "third"]);
  });

  it("run those before it when one is chosen alone", async () => {
    const { ran, run } = story();
    await run("third");
    assert.deepEqual(ran, ["first", "second", "third"]);
  });

  it("end with the one that failed, by its own error, and name it in those after it", async () => {
    const { ran, run } = story(() => Promise.reject(new Error("no")));
    await run("first");
    await assert.rejects(run("second"), { message: "no" });
    await assert.rejects(run("third"), { message: "the test before it failed: second" });
    assert.deepEqual(ran, ["first", "second"]);
  });
});
