import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PIP_CUSTOMIZE } from "../../../../provider/recipe/pins/pip-customize";
import { table } from "../../../support/table";

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

  /** What a command of Python's that gets these words and variables takes for its constraints. */
  function constraintsOf(words: string, env: NodeJS.ProcessEnv): string {
    const code =
      "import os, sitecustomize; print(sitecustomize.NEXT, os.environ.get('PIP_CONSTRAINT', 'none'))";
    const { stdout, stderr } = spawnSync("python3", ["-c", code, ...words.split(" ").filter(Boolean)], {
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: `${join(root, "python")}:${join(root, "next")}`,
        XDG_CONFIG_DIRS: root,
        ...env,
      },
    });
    assert.deepEqual([stderr, stdout.slice(0, 7)], ["", "loaded "]);
    return stdout.slice(7).trim().replace(ours(), "OURS").replace(root, "ROOT");
  }
  const ours = (): string => join(root, "constraints.txt");

  table()`
    adds none where a command took the variable away ¦ ¦ ¦ none
    adds the pins beside the recipe's own ¦ /a /b ¦ ¦ /a /b OURS
    names them once ¦ OURS ¦ ¦ OURS
    takes them from an isolated build ¦ /a OURS ¦ --prefix /tmp/pip-build-env-x1/overlay ¦ /a
    leaves nothing else there ¦ OURS ¦ --prefix /tmp/pip-build-env-x1/normal ¦ none
  `((_, given, words, expected) => {
    const env = given === "" ? {} : { PIP_CONSTRAINT: given.replace("OURS", ours()) };
    assert.equal(constraintsOf(words, env), expected);
  });

  describe("with configuration files of pip", () => {
    const GENERAL = "[global]\nconstraint = /g\n";
    const BOTH = `.pip/pip.conf: ${GENERAL}[install]\nconstraint =\n  /i1\n  /i2\n`;
    const LATER = ".config/pip/pip.conf: [global]\n--constraint: /later\n";
    // Files in the user's folder; variables; the command; its constraints.
    table()`
      takes those of the command's own section ¦ ${BOTH} ¦ ¦ install x ¦ /i1 /i2 OURS
      takes the general ones in another command ¦ ${BOTH} ¦ ¦ download ¦ /g OURS
      lets the later file win ¦ .pip/pip.conf: ${GENERAL}; ${LATER} ¦ ¦ -q install ¦ /later OURS
      reads no file of the user beside the one that is named
        ¦ ${BOTH}; own.conf: [global]\nconstraint=/own\n ¦ PIP_CONFIG_FILE=HOME/own.conf ¦ install ¦ /own OURS
      reads none where that is the null device ¦ ${BOTH} ¦ PIP_CONFIG_FILE=/dev/null ¦ install ¦ OURS
      reads none where the recipe sets the variable ¦ ${BOTH} ¦ PIP_CONSTRAINT=/own ¦ install ¦ /own OURS
      reads none for what is no installation ¦ ${BOTH} ¦ ¦ freeze ¦ OURS
      holds to the pins where a file can't be read ¦ .pip/pip.conf: nonsense ¦ ¦ install ¦ OURS
    `((_, files, variable, words, expected) => {
      const home = mkdtempSync(join(root, "home-"));
      for (const file of files.split("; ")) {
        const [path = "", text = ""] = file.split(/: (.*)/s);
        mkdirSync(dirname(join(home, path)), { recursive: true });
        writeFileSync(join(home, path), text);
      }
      const [name = "", value = ""] = variable.replace("HOME", home).split("=");
      const env = {
        HOME: home,
        XDG_CONFIG_DIRS: home,
        PIP_CONSTRAINT: ours(),
        ...(name && { [name]: value }),
      };
      assert.equal(constraintsOf(words, env), expected);
    });
  });

  describe("with constraints for single environments", () => {
    const [NOWHERE, OWN] = ["0 /nowhere/site-packages\n", "1 ROOT/next\n"];
    table()`
      adds those of the environment that it runs in ¦ ${NOWHERE + OWN} ¦ install ¦ OURS ROOT/environment-1.txt
      adds none of others ¦ ${NOWHERE} ¦ install ¦ OURS
      adds none where it is to install elsewhere ¦ ${OWN} ¦ install --target=/x ¦ OURS
    `((_, listed, words, expected) => {
      writeFileSync(join(root, "environments.txt"), listed.replace("ROOT", root));
      const env = { HOME: root, PIP_CONSTRAINT: ours(), PIP_CONFIG_FILE: "/dev/null" };
      const found = constraintsOf(words, env);
      rmSync(join(root, "environments.txt"));
      assert.equal(found, expected);
    });
  });
});
