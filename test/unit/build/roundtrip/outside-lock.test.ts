import assert from "node:assert/strict";
import type { Lock } from "../../../../provider/packages/lock/types";
import { OutsideLockError } from "../../../../provider/build/roundtrip/errors";
import { namesOutsideLock } from "../../../../provider/build/roundtrip/outside-lock";
import { APT, failedLog } from "./logs";

const lock: Lock = {
  schema: 2,
  bases: [],
  packages: [
    { ecosystem: "dpkg", name: "hello", version: "2.10-3" },
    { ecosystem: "pip", name: "jq", version: "1" },
  ],
  sources: [],
  unpinned: [],
};

describe("namesOutsideLock", () => {
  it("are packages that apt was forbidden and the lock does not have, sorted and once", () => {
    const log = failedLog(`E: Package 'zip' has no installation candidate\n${APT.unmet}\n${APT.unmet}`, 100);
    assert.deepEqual(namesOutsideLock(log, lock), ["libjq1", "zip"]);
  });

  it("are none where the lock has what apt could not find: that one is gone", () =>
    assert.deepEqual(namesOutsideLock(failedLog(APT.candidate, 100), lock), []));

  it("are told without their architecture", () =>
    assert.deepEqual(namesOutsideLock("E: Package 'libc6:i386' has no installation candidate", lock), [
      "libc6",
    ]));

  it("are packages that npm was made to refuse, in the words of every npm", () => {
    const log =
      "npm ERR! outside the lock: @own/lib ^1.0.0 || ^2\nnpm error outside the lock: own-cli latest\n";
    assert.deepEqual(namesOutsideLock(failedLog(log, 1), lock), ["@own/lib", "own-cli"]);
  });

  it("are none in other logs", () =>
    assert.deepEqual(namesOutsideLock(failedLog(APT.refused, 100), lock), []));

  it("are named in the error, with the log and what the limit is", () =>
    assert.match(
      new OutsideLockError(["gcc", "make"], "x.log").message,
      /\(gcc, make\); either they are new .* print less, .* \(log: x\.log\)$/,
    ));
});
