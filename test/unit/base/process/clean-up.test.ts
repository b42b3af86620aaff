import assert from "node:assert/strict";
import { thenCleanUp } from "../../../../provider/base/process/clean-up";

describe("cleaning up after work", () => {
  const failing = (words: string) => (): Promise<never> => Promise.reject(new Error(words));

  it("happens whether the work fails or not", async () => {
    const done: string[] = [];
    const cleanUp = (): Promise<void> => Promise.resolve(void done.push("clean"));
    assert.equal(await thenCleanUp(() => Promise.resolve(1), cleanUp), 1);
    await assert.rejects(thenCleanUp(failing("work"), cleanUp), { message: "work" });
    assert.deepEqual(done, ["clean", "clean"]);
  });

  it("never hides why the work failed, and is an error of its own where the work went well", async () => {
    await assert.rejects(thenCleanUp(failing("work"), failing("clean")), { message: "work" });
    await assert.rejects(
      thenCleanUp(() => Promise.resolve(1), failing("clean")),
      { message: "clean" },
    );
  });
});
