import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { refusalOf, told } from "../../../provider/base/errors/system-error";
import { StoreError } from "../../../provider/base/errors/store-error";
import { each } from "../../support/each";

const failed = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: x, write`), { code, syscall: "write", ...more });

describe("what the operating system refuses", () => {
  each("is told with what to do: %s", [
    ["ENOSPC", "no space is left on the file system; make room, and try again"],
    ["EROFS", "the file system is read-only; choose another place"],
    ["EACCES", "this user has no permission; grant it, or choose another place"],
  ])((code, why) => {
    assert.equal((told(failed(code, { path: "/a" })) as Error).message, `write /a failed: ${why}`);
    assert.equal((told(failed(code)) as Error).message, `write failed: ${why}`);
  });

  it("is told of a device that is really full", function () {
    if (process.platform !== "linux") this.skip();
    let thrown: unknown;
    try {
      writeFileSync("/dev/full", "x");
    } catch (error) {
      thrown = told(error);
    }
    assert.match(
      String(thrown),
      /^SystemError: write failed: no space is left on the file system; make room/,
    );
  });

  it("leaves every other error as it is", () => {
    for (const error of [failed("EEXIST"), new TypeError("x"), new StoreError("x", "/a"), "text", null]) {
      assert.equal(told(error), error);
      assert.equal(refusalOf(error), null);
    }
  });
});
