import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { compareDebianVersions } from "../../../../provider/packages/upstream/debian-version";
import { each } from "../../../support/each";

const sign = (a: string, b: string): number => Math.sign(compareDebianVersions(a, b));

describe("versions of Debian packages", () => {
  each("%s is older than %s", [
    ["1.0", "1.1"],
    ["1.9", "1.10"],
    ["1.0~rc1", "1.0"],
    ["1.0~~", "1.0~"],
    ["1.0~~a", "1.0~"],
    ["1.0", "1.0-1"],
    ["1.0-1", "1.0-1+b1"],
    ["7.88.1-10+deb12u5", "7.88.1-10+deb12u14"],
    ["2.0", "1:0.1"],
    ["1.0a", "1.0+"],
    ["1.0", "1.0a"],
    ["1.0-9", "1.0.1-1"],
    ["1-2-3", "1-2-4"],
  ])((older, newer) => {
    assert.deepEqual([sign(older, newer), sign(newer, older)], [-1, 1]);
  });

  each("%s is as new as %s", [
    ["1.0", "1.0-0"],
    ["0:1.0", "1.0"],
    ["1.007", "1.7"],
    ["1.0-00", "1.0"],
  ])((one, other) => assert.equal(sign(one, other), 0));

  it("are ordered as dpkg orders them", function () {
    if (spawnSync("dpkg", ["--version"]).status !== 0) this.skip();
    const versions = [
      "1",
      "1.0",
      "1~",
      "1a",
      "1+",
      "1:0",
      "1-1",
      "1-1~",
      "1-1+b2",
      "1.00",
      "01",
      "1.a",
      "1.~a",
      "1.10-2",
    ];
    const pairs = versions.flatMap((a) => versions.map((b) => [a, b] as const));
    const asks = (sign: string): string => `dpkg --compare-versions "$1" ${sign} "$2"`;
    const script = `while [ $# -gt 0 ]; do if ${asks("lt")}; then echo -1; elif ${asks("eq")}; then echo 0; else echo 1; fi; shift 2; done`;
    const { stdout } = spawnSync("sh", ["-c", script, "sh", ...pairs.flat()], { encoding: "utf8" });
    const ours = pairs.map(([a, b]) => `${sign(a, b)}`);
    assert.deepEqual(ours, stdout.trim().split("\n"));
  });
});
