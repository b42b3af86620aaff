import assert from "node:assert/strict";
import { devNull } from "node:os";
import { pause, rowSteps, runningWords } from "../../../../provider/pulumi/host/row-steps";
import { isWatched } from "../../../../provider/pulumi/host/watched";
import type { StepEvent } from "../../../../provider/build/roundtrip/effects";
import type { RowLog } from "../../../../provider/pulumi/host/row-log";
import { until } from "../../../support/until";

function recorder(): { log: RowLog; said: string[] } {
  const said: string[] = [];
  const log: RowLog = {
    write: (severity, message) => void said.push(`${severity}: ${message}`),
    show: (message) => void said.push(`shown: ${message}`),
    flush: () => Promise.resolve(),
  };
  return { log, said };
}
/** Milliseconds between two words here, and a time in which several would be said. */
const PAUSE_MS = 20;
const SEVERAL_MS = 200;
const several = async (): Promise<void> => {
  const end = performance.now() + SEVERAL_MS;
  await until("the time of several words", 50_000, () => (performance.now() >= end ? true : null));
};
const event = (phase: StepEvent["phase"], seconds = 0): StepEvent => ({
  name: "web",
  step: "build",
  phase,
  seconds,
});

describe("steps on a row", () => {
  it("are repeated with their running seconds while they run, and no longer", async () => {
    const { log, said } = recorder();
    const report = rowSteps(log, true, () => PAUSE_MS);
    report(event("start"));
    await until("a word of the running step", 50_000, () => (said.length > 1 ? true : null));
    report(event("end", 3.14));
    assert.deepEqual(said.slice(0, 2), ["step: build ...", "shown: build 0 s"]);
    assert.equal(said.at(-1), "step: build done after 3.1 s");
    const { length } = said;
    await several();
    assert.equal(said.length, length);
  });

  it("are said as they begin and end only, where nobody looks", async () => {
    const { log, said } = recorder();
    const report = rowSteps(log, false, () => PAUSE_MS);
    report(event("start"));
    await several();
    report(event("fail", 4));
    assert.deepEqual(said, ["step: build ...", "step: build FAILED after 4.0 s"]);
  });

  it("are repeated every few seconds at first, and some hundred times in hours", () => {
    assert.equal(pause(0), 3_000);
    assert.equal(pause(60_000), 3_000);
    assert.equal(pause(600_000), 30_000);
    let words = 0;
    for (let elapsed = 0; elapsed < 3 * 3_600_000; elapsed += pause(elapsed)) words += 1;
    assert.ok(words < 150, String(words));
  });

  it("say whole seconds", () => assert.equal(runningWords("locked rebuild", 75_400), "locked rebuild 75 s"));
});

describe("isWatched", () => {
  const terminal = { TERM: "xterm-256color" };

  it("with a terminal that opens", () => {
    assert.equal(isWatched(terminal, devNull), true);
    assert.equal(isWatched({ ...terminal, CI: "false" }, devNull), true);
  });

  it("not in CI, on a dumb terminal, or without one", () => {
    for (const more of [{ CI: "true" }, { CI: "1" }, { TERM: "dumb" }, { TERM: undefined }])
      assert.equal(isWatched({ ...terminal, ...more }, devNull), false);
    assert.equal(isWatched(terminal, "/no/such/terminal"), false);
  });
});
