import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PIP_CUSTOMIZE } from "../../../../provider/recipe/pins/pip-customize";
import { each } from "../../../support/each";

describe("the module by which pip finds the pins", function () {
  let root: string;
  before(function () {
    if (process.platform !== "linux" || spawnSync("python3", ["--version"]).status !== 0) this.skip();
    root = mkdtempSync(join(tmpdir(), "customize-"));
    for (const folder of ["python", "next"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "python", "sitecustomize.py"), PIP_CUSTOMIZE);
    writeFileSync(join(root, "next", "sitecustomize.py"), "NEXT = 'loaded'\n");
  });
  after(() => {
    if (root !== undefined) rmSync(root, { recursive: true });
  });

  each("%s", [
    ["adds none where a command took the variable away", undefined, [], "none"],
    ["adds the pins beside the recipe's own", "/a /b", [], "/a /b OURS"],
    ["names them once", "OURS", [], "OURS"],
    ["takes them from an isolated build", "/a OURS", ["--prefix", "/tmp/pip-build-env-x1/overlay"], "/a"],
    ["leaves nothing else there", "OURS", ["--prefix", "/tmp/pip-build-env-x1/normal"], "none"],
  ])((_, given, more, expected) => {
    const ours = join(root, "constraints.txt");
    const code =
      "import os, sitecustomize; print(sitecustomize.NEXT, os.environ.get('PIP_CONSTRAINT', 'none'))";
    const env = { ...process.env };
    delete env.PIP_CONSTRAINT;
    const { stdout, stderr } = spawnSync("python3", ["-c", code, ...more], {
      encoding: "utf8",
      env: {
        ...env,
        PYTHONPATH: `${join(root, "python")}:${join(root, "next")}`,
        ...(given === undefined ? {} : { PIP_CONSTRAINT: given.replace("OURS", ours) }),
      },
    });
    assert.deepEqual([stdout.trim().replace(ours, "OURS"), stderr], [`loaded ${expected}`, ""]);
  });
});
