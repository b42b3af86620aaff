import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { together } from "../../../provider/engines/together";

/** A question under way, which the test answers. */
interface Asked {
  questions: readonly string[];
  answer(): void;
  fail(message: string): void;
}

describe("questions that are asked at the same time", () => {
  let asked: Asked[];
  let ask: (questions: readonly string[]) => Promise<Map<string, string>>;

  beforeEach(() => {
    asked = [];
    ask = together<string, string>(
      (questions) =>
        new Promise((resolve, reject) => {
          asked.push({
            questions,
            answer: () => resolve(new Map(questions.map((question) => [question, `${question}!`]))),
            fail: (message) => reject(new Error(message)),
          });
        }),
      (error) => error instanceof Error && error.message === "silent",
    );
  });

  const questionsAt = (turn: number): readonly string[] => asked[turn]?.questions ?? [];
  const say = async (turn: number, error?: string): Promise<void> => {
    const one = asked[turn] ?? assert.fail(`nothing is asked in turn ${turn}`);
    if (error === undefined) one.answer();
    else one.fail(error);
    await setImmediate();
  };
  const reason = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "no error",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it("go as one when the question before them is answered, each with its own answers", async () => {
    const first = ask(["a"]);
    const [second, third] = [ask(["b", "c"]), ask(["c"])];
    assert.deepEqual(
      asked.map(({ questions }) => questions),
      [["a"]],
    );
    await say(0);
    assert.deepEqual(await first, new Map([["a", "a!"]]));
    assert.deepEqual(questionsAt(1), ["b", "c"]);
    await say(1);
    assert.deepEqual(
      await second,
      new Map([
        ["b", "b!"],
        ["c", "c!"],
      ]),
    );
    assert.deepEqual(await third, new Map([["c", "c!"]]));
    assert.equal(asked.length, 2);
  });

  it("are asked again later: an answer is never older than its question", async () => {
    const first = ask(["a"]);
    await say(0);
    await first;
    const again = ask(["a"]);
    await say(1);
    assert.deepEqual([await again, asked.length], [new Map([["a", "a!"]]), 2]);
    const underWay = ask(["a"]);
    const during = ask(["a"]);
    await say(2);
    await say(3);
    assert.deepEqual(await Promise.all([underWay, during]), [await again, await again]);
  });

  it("are asked one by one where the shared question fails", async () => {
    const first = ask(["a"]);
    const [second, third] = [reason(ask(["b"])), ask(["c"])];
    await say(0);
    await first;
    await say(1, "b is odd");
    assert.deepEqual([questionsAt(2), questionsAt(3)], [["b"], ["c"]]);
    await say(2, "b is odd");
    await say(3);
    assert.deepEqual([await second, await third], ["b is odd", new Map([["c", "c!"]])]);
  });

  it("fail together where a failure is the same for all, and the next question is asked", async () => {
    const first = reason(ask(["a"]));
    const others = [reason(ask(["b"])), reason(ask(["c"]))];
    await say(0, "a is odd");
    await say(1, "silent");
    assert.deepEqual([await first, ...(await Promise.all(others))], ["a is odd", "silent", "silent"]);
    const next = ask(["d"]);
    await say(2);
    assert.deepEqual([await next, asked.length], [new Map([["d", "d!"]]), 3]);
  });
});
