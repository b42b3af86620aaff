import assert from "node:assert/strict";
import { absenceDoubt, type EnginePlace } from "../../../provider/engines/absence";
import { each } from "../../support/each";

const THEN: EnginePlace = { machine: "first", imageStore: "overlay2" };

describe("an image that an engine with the recorded ID does not have", () => {
  each("may be gone for certain: recorded %j, now %j", [
    [THEN, THEN],
    [{}, THEN],
    [{}, {}],
    [{ machine: "first" }, THEN],
  ])((recorded, now) => assert.equal(absenceDoubt(recorded, now), null));

  each("may be elsewhere: now %j, %s", [
    [{ ...THEN, machine: "clone" }, "cloned machines share that ID"],
    [{}, "cloned machines share that ID"],
    [
      { ...THEN, imageStore: "containerd's overlayfs" },
      "now (containerd's overlayfs) than when it built this one (overlay2)",
    ],
    [{ machine: "first" }, "now (it does not say which) than"],
  ])((now, words) => assert.ok(absenceDoubt(THEN, now)?.which.includes(words)));
});
