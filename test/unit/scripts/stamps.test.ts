import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outOfStep } from "../../../scripts/setup/dependencies.mjs";
import { contentStamp, filesBelow } from "../../../scripts/setup/stamp.mjs";

describe("scripts: what is in step", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "scripts-stamp-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

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
    mkdirSync(join(root, "src/deep"), { recursive: true });
    writeFileSync(join(root, "src/deep/b.ts"), "b");
    writeFileSync(join(root, "src/a.ts"), "a");
    const files = filesBelow(root, ["src", "missing"]);
    assert.deepEqual(files, ["src/a.ts", "src/deep/b.ts"]);
    const stamp = contentStamp(root, files);
    utimesSync(join(root, "src/a.ts"), 1, 1);
    assert.equal(contentStamp(root, files), stamp);
    writeFileSync(join(root, "src/a.ts"), "A");
    assert.notEqual(contentStamp(root, files), stamp);
  });

  it("keeps apart contents that only run together", () => {
    writeFileSync(join(root, "a"), "xy");
    writeFileSync(join(root, "b"), "");
    const first = contentStamp(root, ["a", "b"]);
    writeFileSync(join(root, "a"), "x");
    writeFileSync(join(root, "b"), "y");
    assert.notEqual(contentStamp(root, ["a", "b"]), first);
  });

  it("leaves out names that are not wanted", () => {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "node_modules/x"), "");
    writeFileSync(join(root, "y"), "");
    assert.deepEqual(
      filesBelow(root, ["."], (name) => name !== "node_modules"),
      ["./y"],
    );
  });
});
