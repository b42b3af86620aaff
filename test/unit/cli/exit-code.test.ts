import assert from "node:assert/strict";
import { BuildFailedError, EngineUnreachableError } from "../../../provider/engines/errors";
import { VerifyError } from "../../../provider/base/errors/verify-error";
import { InputError } from "../../../provider/inputs/failure";
import { LockError } from "../../../provider/packages/lock/errors";
import { StoreError } from "../../../provider/base/errors/store-error";
import { ViewError } from "../../../provider/packages/views/requirements";
import { exitCodeOf, usageCode } from "../../../cli/exit-code";
import { failureDocument, failureText } from "../../../cli/output/failure";
import { SettingsError } from "../../../cli/settings";

const CASES: [string, Error, number][] = [
  ["not verified", new VerifyError("web-app", "changed dpkg:a 1 -> 2"), 1],
  ["a build that fails", new BuildFailedError("it failed", "/log", ""), 1],
  ["wrong inputs", new InputError([{ property: "name", reason: "is missing" }]), 2],
  ["wrong settings", new SettingsError("bad"), 2],
  ["a view that can't be", new ViewError("twice"), 2],
  ["no engine", new EngineUnreachableError("gone"), 3],
  ["no store", new StoreError("gone", "/store"), 3],
  ["a damaged lock", new LockError(["bad"], "Build again."), 3],
  ["a fault", new TypeError("x is not a function"), 70],
];

describe("exit codes", () => {
  for (const [name, error, code] of CASES) {
    it(`${name}: ${code}, and 1 of the gate`, () => {
      assert.equal(exitCodeOf(error, "build"), code);
      assert.equal(exitCodeOf(error, "gate"), 1);
    });
  }

  it("a rebuild that fails without proof leaves the question of verify open", () => {
    assert.equal(exitCodeOf(new BuildFailedError("it failed", "/log", ""), "verify"), 3);
  });

  it("wrong usage: 2, and 1 of the gate", () => {
    assert.deepEqual([usageCode("list"), usageCode(undefined), usageCode("gate")], [2, 2, 1]);
  });
});

describe("an error", () => {
  it("of this package is its message, without a stack", () => {
    const error = new StoreError("there is no store", "/store");
    assert.equal(failureText(error), "error: there is no store\n");
    assert.deepEqual(failureDocument(error), { error: { code: "store", message: "there is no store" } });
  });

  it("of no known kind says that it is a fault, with all there is", () => {
    const text = failureText(new TypeError("x is not a function"));
    assert.match(text, /^fault: this should not have happened, and is a fault in verified-images/);
    assert.match(text, /TypeError: x is not a function\n {4}at /);
  });

  it("about an image that is not verified has what is known of it all the same", () => {
    const error = new VerifyError("web-app", "drift", { reference: "web-app:1" });
    assert.deepEqual(failureDocument(error), {
      error: { code: "not-verified", message: "web-app is not verified: drift" },
      evidence: { reference: "web-app:1" },
    });
  });
});
