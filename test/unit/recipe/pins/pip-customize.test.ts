import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

  describe("with configuration files of pip", () => {
    const conf = (...lines: string[]): string => `${lines.join("\n")}\n`;
    const [both, global] = [
      conf("[global]", "constraint = /g", "[install]", "constraint =", "  /i1", "  /i2"),
      conf("[global]", "constraint = /g"),
    ];
    each("%s", [
      [
        "takes those of the command's own section",
        { ".pip/pip.conf": both },
        {},
        ["install", "x"],
        "/i1 /i2 OURS",
      ],
      ["takes the general ones in another command", { ".pip/pip.conf": both }, {}, ["download"], "/g OURS"],
      [
        "lets the later file win",
        { ".pip/pip.conf": global, ".config/pip/pip.conf": conf("[global]", "--constraint: /later") },
        {},
        ["-q", "install"],
        "/later OURS",
      ],
      [
        "reads no file of the user beside the one that is named",
        { ".pip/pip.conf": both, "own.conf": conf("[global]", "constraint=/own") },
        { PIP_CONFIG_FILE: "HOME/own.conf" },
        ["install"],
        "/own OURS",
      ],
      [
        "reads none where that is the null device",
        { ".pip/pip.conf": both },
        { PIP_CONFIG_FILE: "/dev/null" },
        ["install"],
        "OURS",
      ],
      [
        "reads none where the recipe sets the variable",
        { ".pip/pip.conf": both },
        { PIP_CONSTRAINT: "/own" },
        ["install"],
        "/own OURS",
      ],
      ["reads none for what is no installation", { ".pip/pip.conf": both }, {}, ["freeze"], "OURS"],
      [
        "holds to the pins where a file can't be read",
        { ".pip/pip.conf": "nonsense" },
        {},
        ["install"],
        "OURS",
      ],
    ])((_, files, more, words, expected) => {
      const home = mkdtempSync(join(root, "home-"));
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(home, file)), { recursive: true });
        writeFileSync(join(home, file), text);
      }
      const ours = join(root, "constraints.txt");
      const code = "import os; print(os.environ.get('PIP_CONSTRAINT'))";
      const given: Record<string, string> = more;
      const own = Object.entries(given).map(([name, value]) => [name, value.replace("HOME", home)] as const);
      const { stdout, stderr } = spawnSync("python3", ["-c", code, ...words], {
        encoding: "utf8",
        env: {
          ...{ PATH: process.env.PATH, HOME: home, XDG_CONFIG_DIRS: home, PIP_CONSTRAINT: ours },
          ...{ PYTHONPATH: join(root, "python"), ...Object.fromEntries(own) },
        },
      });
      assert.deepEqual([stdout.trim().replace(ours, "OURS"), stderr], [expected, ""]);
    });
  });

  describe("with constraints for single environments", () => {
    const [NOWHERE, OWN] = ["0 /nowhere/site-packages\n", "1 ROOT/next\n"];
    each("%s", [
      [
        "adds those of the environment that it runs in",
        NOWHERE + OWN,
        ["install"],
        "OURS FOLDER/environment-1.txt",
      ],
      ["adds none of others", NOWHERE, ["install"], "OURS"],
      ["adds none where it is to install elsewhere", OWN, ["install", "--target=/x"], "OURS"],
    ])((_, listed, words, expected) => {
      writeFileSync(join(root, "environments.txt"), listed.replace("ROOT", root));
      const ours = join(root, "constraints.txt");
      const code = "import os; print(os.environ.get('PIP_CONSTRAINT'))";
      const { stdout, stderr } = spawnSync("python3", ["-c", code, ...words], {
        encoding: "utf8",
        env: {
          ...{ PATH: process.env.PATH, HOME: root, PIP_CONSTRAINT: ours, XDG_CONFIG_DIRS: root },
          ...{ PYTHONPATH: `${join(root, "python")}:${join(root, "next")}`, PIP_CONFIG_FILE: "/dev/null" },
        },
      });
      rmSync(join(root, "environments.txt"));
      assert.deepEqual([stdout.trim().replace(ours, "OURS").replace(root, "FOLDER"), stderr], [expected, ""]);
    });
  });
});
