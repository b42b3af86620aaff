import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearStalePid } from "../../../scripts/setup/engine.mjs";

describe("scripts: a pid file that a killed engine has left", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "verified-images-pid-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("goes when its number belongs to nobody, or to something else", () => {
    for (const text of ["2147483646\n", `${process.pid}`, "nonsense"]) {
      const file = join(folder, "docker.pid");
      writeFileSync(file, text);
      clearStalePid(file, "dockerd");
      assert.ok(!existsSync(file), text);
    }
  });

  it("stays while its process runs, and missing is no trouble", () => {
    const file = join(folder, "own.pid");
    writeFileSync(file, String(process.pid));
    const name = readFileSync(`/proc/${process.pid}/comm`, "utf8").trim();
    clearStalePid(file, name);
    assert.ok(existsSync(file));
    clearStalePid(join(folder, "missing.pid"), "dockerd");
  });
});
