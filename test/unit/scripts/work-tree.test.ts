import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decide, workTree } from "../../../scripts/setup/work-tree.mjs";
import { ownFolder } from "../../support/own-folder";

describe("scripts: the quickstart's work tree", () => {
  const at = ownFolder();

  /** A project with nothing but the template. */
  function project(name = "one") {
    const root = at(name);
    const service = join(root, "examples/quickstart/service");
    mkdirSync(join(service, "bin"), { recursive: true });
    writeFileSync(join(service, "app.py"), "print(1)\n");
    writeFileSync(join(service, "bin/start"), "#!/bin/sh\n");
    chmodSync(join(service, "bin/start"), 0o755);
    const tree = join(root, ".state/quickstart/service");
    const make = () => workTree({ project: root, signal: new AbortController().signal });
    const git = (...args: string[]) => execFileSync("git", args, { cwd: tree, encoding: "utf8" }).trim();
    return { service, tree, make, git };
  }

  it("is the user's as soon as it has changes or commits of theirs", () => {
    const ours = { exists: true, status: "", head: "r1", recorded: { stamp: "s1", revision: "r1" } };
    const cases: [changes: object, stamp: string, expected: string][] = [
      [{ exists: false }, "s1", "make"],
      [{}, "s1", "found"],
      [{}, "s2", "update"],
      [{ status: " M app.py\n" }, "s2", "yours"],
      [{ head: "r2" }, "s2", "yours"],
      [{ recorded: null }, "s1", "yours"],
    ];
    for (const [changes, stamp, expected] of cases) {
      assert.equal(decide({ ...ours, ...changes }, stamp), expected);
    }
  });

  it("has the same revision in two projects, with the executable bit kept", async () => {
    const [one, two] = [project(), project("two")];
    await Promise.all([one.make(), two.make()]);
    assert.match(one.git("rev-parse", "HEAD"), /^[0-9a-f]{40}$/);
    assert.equal(one.git("rev-parse", "HEAD"), two.git("rev-parse", "HEAD"));
    assert.equal(one.git("symbolic-ref", "HEAD"), "refs/heads/main");
    assert.match(one.git("ls-files", "--stage", "bin/start"), /^100755 /);
    assert.equal(one.git("status", "--porcelain"), "");
  });

  it("brings new template files in as a further commit, and drops removed ones", async () => {
    const { service, tree, make, git } = project();
    await make();
    assert.equal((await make()).text, "found");
    writeFileSync(join(service, "new.py"), "");
    rmSync(join(service, "app.py"));
    assert.equal((await make()).text, "renewed the service's work tree");
    assert.equal(git("rev-list", "--count", "HEAD"), "2");
    assert.equal(existsSync(join(tree, "new.py")), true);
    assert.equal(existsSync(join(tree, "app.py")), false);
    assert.equal((await make()).text, "found");
  });

  it("leaves the user's edits alone, also when the template has changed", async () => {
    const { service, tree, make, git } = project();
    await make();
    const head = git("rev-parse", "HEAD");
    writeFileSync(join(tree, "app.py"), "mine\n");
    writeFileSync(join(service, "app.py"), "theirs\n");
    assert.equal((await make()).text, "left as it is, with your changes");
    assert.equal(readFileSync(join(tree, "app.py"), "utf8"), "mine\n");
    assert.equal(git("rev-parse", "HEAD"), head);
  });

  it("says so when the template is missing", async () => {
    const { service, make } = project();
    rmSync(service, { recursive: true });
    await assert.rejects(make(), /examples\/quickstart\/service is missing: restore it/);
  });
});
