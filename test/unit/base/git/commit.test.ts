import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitClauses, type CommitInput } from "../../../../provider/promote/gate/commit-clauses";
import { commitFacts } from "../../../../provider/base/git/commit";
import { commitAll, git } from "../../../support/git";
import { removeScratch, scratch } from "../../store/scratch";
import { committed, INSIDE, put, withEnvironment, withGit } from "./environment";

const NOWHERE = "0123456789".repeat(4);

/** What the gate refuses, as `property: message`; the directory's name is left out. */
async function refused(
  worktree: string,
  revision: string,
  input: Omit<CommitInput, "worktree"> = {},
  seconds = 30,
): Promise<string[]> {
  const facts = await commitFacts(worktree, revision, { branch: input.branch ?? null, seconds });
  const clauses = commitClauses(revision, { worktree: "../app", ...input }, facts);
  return clauses.flatMap(({ ok, property, message }) => (ok ? [] : [`${property}: ${message}`]));
}

/** The same where exactly one thing is refused. */
async function refusal(...question: Parameters<typeof refused>): Promise<string> {
  const [only = "", ...more] = await refused(...question);
  assert.deepEqual(more, []);
  return only;
}

const ON_MAIN = { branch: "main" };
const notOnMain = (revision: string): string =>
  `commit.branch: ${revision.slice(0, 12)} is not on the branch main of ../app; merge it, or expect one that is`;

describe("a commit in a work tree", () => {
  let worktree: string;
  let first: string;
  let second: string;
  let side: string;

  before(async () => {
    ({ tree: worktree, head: first } = await committed({ file: "1", ".gitignore": "ignored\n" }));
    second = await commitAll(worktree, "second");
    await git(worktree, ["checkout", "--quiet", "-b", "side", first]);
    side = await commitAll(worktree, "side");
    await git(worktree, ["checkout", "--quiet", "main"]);
    await git(worktree, ["update-ref", "refs/remotes/origin/main", first]);
    writeFileSync(join(worktree, "ignored"), "not looked at");
  });
  after(removeScratch);

  it("is there, on its branch and in a clean tree: nothing is refused, and each thing is said", async () => {
    const facts = await commitFacts(worktree, first, { branch: "main", seconds: 30 });
    const clauses = commitClauses(first, { worktree: "../app", branch: "main", dirty: "refuse" }, facts);
    const said = clauses.map(({ property, message, ok }) => `${property}: ${message}: ${ok}`);
    assert.deepEqual(said, [
      `commit: ${first.slice(0, 12)} is a commit in ../app: true`,
      `commit.branch: ${first.slice(0, 12)} is on the branch main: true`,
      "commit.dirty: the work tree ../app is clean: true",
    ]);
    assert.deepEqual(await refused(worktree, side), [], "any place will do");
    assert.deepEqual(await refused(worktree, first, { branch: "refs/heads/side" }), []);
  });

  it("is not there", async () => {
    const words =
      "commit: 012345678901 is no commit in ../app; fetch it, or expect a revision that is in there";
    assert.equal(await refusal(worktree, NOWHERE), words);
    const blob = await git(worktree, ["rev-parse", "HEAD:file"]);
    assert.match(await refusal(worktree, blob), /is no commit in/, "a file is no commit");
  });

  it("is not on the branch, also where a remote's branch of that name is behind", async () => {
    const same = `the tree is the same as that of ${second.slice(0, 12)} on main`;
    assert.equal(await refusal(worktree, side, ON_MAIN), `${notOnMain(side)}; ${same}`);
    assert.deepEqual(await refused(worktree, second, ON_MAIN), []);
    assert.match(await refusal(worktree, second, { branch: "origin/main" }), /is not on the branch/);
  });

  it("is not on the branch after a squash merge, which is said to have the same tree, or not to", async () => {
    const { tree } = await committed({ file: "1" });
    const next = (files: Record<string, string>, message: string): Promise<string> => {
      put(tree, files);
      return commitAll(tree, message);
    };
    await git(tree, ["checkout", "--quiet", "-b", "topic"]);
    const early = await next({ file: "2" }, "half");
    const topic = await next({ more: "" }, "whole");
    await git(tree, ["checkout", "--quiet", "main"]);
    await git(tree, ["merge", "--quiet", "--squash", "topic"]);
    const squashed = await commitAll(tree, "topic, squashed");
    await next({ file: "3" }, "later");
    const same = `the tree is the same as that of ${squashed.slice(0, 12)} on main`;
    assert.equal(await refusal(tree, topic, ON_MAIN), `${notOnMain(topic)}; ${same}`);
    const none = "no commit on main has the same tree";
    assert.equal(await refusal(tree, early, ON_MAIN), `${notOnMain(early)}; ${none}`);
  });

  it("is not on the branch by grafts, replacements or anything that the environment says", async () => {
    const grafted = scratch();
    rmSync(grafted, { recursive: true });
    await git(worktree, ["clone", "--quiet", `file://${worktree}`, grafted]);
    const merged = `${second} ${first} ${side}\n`;
    const notOn = /is not on the branch main/;
    writeFileSync(join(grafted, ".git", "info", "grafts"), merged);
    await git(grafted, ["merge-base", "--is-ancestor", side, "main"]); // git believes it
    assert.match(await refusal(grafted, side, ON_MAIN), notOn);
    rmSync(join(grafted, ".git", "info", "grafts"));
    await git(grafted, ["replace", "--graft", second, first, side]);
    assert.match(await refusal(grafted, side, ON_MAIN), notOn);

    const [file, cutOff] = [join(scratch(), "grafts"), join(scratch(), "shallow")];
    writeFileSync(file, merged);
    writeFileSync(cutOff, `${second}\n`);
    const told = { GIT_GRAFT_FILE: file, GIT_SHALLOW_FILE: cutOff, GIT_CONFIG_COUNT: "not a number" };
    await withEnvironment(told, async () => {
      assert.match(await refusal(worktree, side, ON_MAIN), notOn);
      assert.deepEqual(await refused(worktree, first, ON_MAIN), []);
    });
  });

  it("has no such branch: neither a tag, nor the beginning of a name, nor an option is one", async () => {
    await git(worktree, ["tag", "v1", "main"]);
    await git(worktree, ["branch", "team/one", "main"]);
    for (const branch of ["v1", "team", "HEAD", "--all", "*", second]) {
      const words = `commit.branch: there is no branch ${branch} in ../app; fetch it`;
      const todo = "(a remote's is named as in origin/main), or name another one";
      assert.equal(await refusal(worktree, second, { branch }), `${words} ${todo}`);
    }
  });

  it("is in a tree with a changed submodule, which the repository's own configuration would hide", async () => {
    const tree = scratch();
    const inner = join(tree, "inner");
    put(inner, { file: "1" });
    await commitAll(inner, "inner");
    const hidden = '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = all\n';
    put(tree, { ".gitmodules": hidden });
    const head = await commitAll(tree, "outer");
    assert.deepEqual(await refused(tree, head, { dirty: "refuse" }), []);
    put(inner, { file: "2" });
    assert.equal(await git(tree, ["status", "--porcelain"]), "", "git by itself says nothing");
    const words =
      "commit.dirty: the work tree ../app is not what was committed (inner); commit, stash or ignore them";
    assert.equal(await refusal(tree, head, { dirty: "refuse" }), words);
  });

  it("is in a tree with changes: a warning, or a refusal, as is asked", async () => {
    const { tree: dirty, head } = await committed({ file: "1" });
    put(dirty, { file: "2", "new\nline": "" });
    const words = "the work tree ../app is not what was committed (file, new\\nline)";
    const facts = await commitFacts(dirty, head, { branch: null, seconds: 30 });
    const warnings = commitClauses(head, { worktree: "../app" }, facts).filter(({ warning }) => warning);
    assert.deepEqual(warnings, [{ property: "commit.dirty", ok: true, warning: true, message: words }]);
    assert.deepEqual(await refused(dirty, head, { dirty: "warn" }), []);
    const refusing = `commit.dirty: ${words}; commit, stash or ignore them`;
    assert.equal(await refusal(dirty, head, { dirty: "refuse" }), refusing);
    const all = await refused(dirty, NOWHERE, { dirty: "refuse", branch: "none" });
    assert.equal(all.length, 3, "all at once");
    put(dirty, { a: "", b: "", c: "", d: "" });
    assert.match(await refusal(dirty, head, { dirty: "refuse" }), /\(file, a, b, \+3 more\)/);
  });

  it("has no work tree", async () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    const bare = scratch();
    await git(bare, ["init", "--quiet", "--bare"]);
    for (const [place, why] of [
      [join(worktree, "missing"), "there is no such directory"],
      [file, "it is not a directory"],
      [bare, "it is not inside a git work tree"],
      [scratch(), "git rev-parse failed with exit code 128: fatal: not a git repository"],
    ] as const) {
      const said = await refusal(place, first, { branch: "main", dirty: "refuse" });
      const start = `commit.worktree: there is no git work tree at ../app to find ${first.slice(0, 12)} in: ${why}`;
      assert.ok(said.startsWith(start), said);
    }
  });

  it("can't be told in a shallow clone, unless it is in the part that is there", async () => {
    const shallow = scratch();
    rmSync(shallow, { recursive: true });
    const clone = ["clone", "--quiet", "--depth=1", "--branch=main"];
    await git(worktree, [...clone, `file://${worktree}`, shallow]);
    assert.deepEqual(await refused(shallow, second, ON_MAIN), []);
    const [exists = "", onBranch = ""] = await refused(shallow, first, ON_MAIN);
    assert.match(exists, /^commit: whether .* can't be told: the clone is shallow.*git fetch --unshallow/);
    assert.match(onBranch, /^commit\.branch: whether .* can't be told/);
  });

  it("can't be told without git, nor when git takes longer than timeouts.git", async () => {
    const without = await withEnvironment({ PATH: "/nonexistent" }, () => refused(worktree, first));
    assert.match(without.join(), /git could not be started; is it installed\?/);
    const said = await withGit(`${INSIDE}; sleep 600`, () =>
      refused(worktree, first, { branch: "main", dirty: "warn" }, 1),
    );
    const late = /^(\S+): .*can't be told: git [a-z-]+ did not finish within 1 s \(timeouts\.git\)$/;
    const about = said.map((line) => late.exec(line)?.[1]);
    assert.deepEqual(about, ["commit", "commit.branch", "commit.dirty"]);
  });

  it("is not looked up by anything but its full name", async () => {
    for (const revision of [second.slice(0, 12), "main", "HEAD", "", "--all-objects"]) {
      assert.match(await refusal(worktree, revision), /can't be told: it is not a full git revision/);
    }
    const sha256 = scratch();
    await git(sha256, ["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    const head = await commitAll(sha256, "first");
    assert.deepEqual(await refused(sha256, head, ON_MAIN), []);
    assert.match(await refusal(sha256, head.slice(0, 40)), /is no commit in/);
  });
});
