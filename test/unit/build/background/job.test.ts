import assert from "node:assert/strict";
import { jobArguments, parseJob } from "../../../../provider/build/background/job";

describe("the words that a verification is started with", () => {
  const job = { root: "/a b/store", name: "web", timestamp: "20260101T000001000Z", token: "t", limit: 3 };

  it("are read back as they were", () =>
    assert.deepEqual(parseJob(jobArguments({ ...job, directory: "/", logFile: "/log" })), job));

  it("are none with a word too few or too many, or a limit that is no number", () => {
    const words = jobArguments({ ...job, directory: "/", logFile: "/log" });
    const four = words.slice(0, 4);
    for (const wrong of [[], four, [...words, "more"], [...four, "0"], [...four, "x"]])
      assert.equal(parseJob(wrong), null);
  });
});
