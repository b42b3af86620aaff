import assert from "node:assert/strict";
import { isPath, isSifPath, parseSifPath } from "../../../provider/base/reference/sif-path";
import { isTarget, parseTarget } from "../../../provider/base/reference/target";
import { namesRegistry } from "../../../provider/engines/registry/address";

describe("the path of a SIF image", () => {
  for (const path of ["x.sif", "a/x.sif", "../x.sif", "/srv/My Images/x.1.sif", "r.io:5000/x.sif"]) {
    it(`is ${JSON.stringify(path)}`, () => assert.ok(isSifPath(path) && isPath(path)));
    it(`is never in a registry: ${JSON.stringify(path)}`, () => assert.equal(namesRegistry(path), false));
  }

  for (const text of [
    ".sif",
    "a/.sif",
    "x.sif:1",
    "x:1.sif",
    "x.SIF",
    "x.sif/",
    "x\n.sif",
    `x.sif@sha256:${"a".repeat(64)}`,
    "",
  ])
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(isSifPath(text), false));

  it("has one form in which paths are compared", () => {
    const given = ["./live//x.sif", "live/y/../x.sif", "live/x.sif"];
    assert.deepEqual(new Set(given.map(parseSifPath)), new Set(["live/x.sif"]));
  });

  it("is a target as it is, and a reference is one with its tag", () => {
    assert.equal(parseTarget("./x.sif"), "x.sif");
    assert.equal(parseTarget("web"), "web:latest");
    assert.deepEqual(["x.sif", "./x.sif", "web", "web:latest", "A B"].map(isTarget), [
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it("is a path also without the ending where no reference begins so", () =>
    assert.deepEqual(["./latest", "/latest", "../latest", "store/latest"].map(isPath), [
      true,
      true,
      true,
      false,
    ]));
});
