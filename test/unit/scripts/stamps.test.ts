import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { outOfStep } from "../../../scripts/setup/dependencies.mjs";
import { contentStamp, filesBelow } from "../../../scripts/setup/stamp.mjs";
import { ownFolder } from "../../support/own-folder";

describe("scripts: what is in step", () => {
  const at = ownFolder();

  const a = { version: "1.0.0", integrity: "sha512-a" };
  const b = { version: "2.0.0", integrity: "sha512-b" };
  const all = () => true;
  const lock = { packages: { "": { name: "root" }, "node_modules/a": a, "node_modules/b": b } };

  it("finds an installation that is what the lock file says", () => {
    assert.equal(outOfStep(lock, { packages: { "node_modules/a": a, "node_modules/b": b } }, all), null);
  });

  it("names the first difference", () => {
    const installed = (packages: Record<string, object>) => outOfStep(lock, { packages }, all);
    assert.equal(installed({ "node_modules/a": a }), "node_modules/b is not installed");
    assert.equal(
      installed({ "node_modules/a": { ...a, version: "1.0.1" }, "node_modules/b": b }),
      "node_modules/a is 1.0.1, not 1.0.0",
    );
    assert.equal(
      installed({ "node_modules/a": { ...a, integrity: "sha512-x" }, "node_modules/b": b }),
      "node_modules/a has another integrity",
    );
    assert.equal(
      installed({ "node_modules/a": a, "node_modules/b": b, "node_modules/c": b }),
      "node_modules/c is not in package-lock.json",
    );
    const gone = (path: string) => path !== "node_modules/b";
    const both = { packages: { "node_modules/a": a, "node_modules/b": b } };
    assert.equal(outOfStep(lock, both, gone), "node_modules/b is missing");
    assert.equal(outOfStep(lock, {}, all), "node_modules/a is not installed");
  });

  it("does without the optional packages of other platforms", () => {
    const other = { packages: { "node_modules/a": a, "node_modules/win": { ...b, optional: true } } };
    assert.equal(outOfStep(other, { packages: { "node_modules/a": a } }, all), null);
  });

  it("stamps names and bytes, not times", () => {
    mkdirSync(at("src/deep"), { recursive: true });
    writeFileSync(at("src/deep/b.ts"), "b");
    writeFileSync(at("src/a.ts"), "a");
    const files = filesBelow(at(), ["src", "missing"]);
    assert.deepEqual(files, ["src/a.ts", "src/deep/b.ts"]);
    const stamp = contentStamp(at(), files);
    utimesSync(at("src/a.ts"), 1, 1);
    assert.equal(contentStamp(at(), files), stamp);
    writeFileSync(at("src/a.ts"), "A");
    assert.notEqual(contentStamp(at(), files), stamp);
  });

  it("keeps apart contents that only run together", () => {
    writeFileSync(at("a"), "xy");
    writeFileSync(at("b"), "");
    const first = contentStamp(at(), ["a", "b"]);
    writeFileSync(at("a"), "x");
    writeFileSync(at("b"), "y");
    assert.notEqual(contentStamp(at(), ["a", "b"]), first);
  });

  it("leaves out names that are not wanted", () => {
    mkdirSync(at("node_modules"));
    writeFileSync(at("node_modules/x"), "");
    writeFileSync(at("y"), "");
    assert.deepEqual(
      filesBelow(at(), ["."], (name) => name !== "node_modules"),
      ["./y"],
    );
  });
});
