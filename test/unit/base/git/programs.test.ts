import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changesIn, type Asked } from "../../../../provider/base/git/changes";
import { commitFacts } from "../../../../provider/base/git/commit";
import { quieted } from "../../../../provider/base/git/filters";
import { originRepository } from "../../../../provider/base/git/remote";
import { validatedRevision } from "../../../../provider/base/git/revision";
import { sightingOf } from "../../../../provider/base/git/still";
import { contextDoubts } from "../../../../provider/stage/built-from";
import { commitAll, git } from "../../../support/git";
import { removeScratch, scratch } from "../../store/scratch";
import { put, withEnvironment } from "./environment";

const NOWHERE = "0123456789".repeat(4);
const ALL: Asked = { untracked: true, scope: "all", seconds: 30 };

/** A work tree whose own configuration names programs; each leaves a file when it runs. */
interface Trap {
  tree: string;
  head: string;
  /** Names of the programs that have run. */
  ran: () => string[];
}

/** A program's command line: it leaves its name, and does what it has to. */
const leaving = (marks: string, name: string, work = "exit 1"): string =>
  `touch '${join(marks, name)}'; ${work}`;

/** Writes the programs of every kind into a repository's own configuration. */
async function set(tree: string, marks: string, inside: string): Promise<void> {
  const at = (name: string): string => `${inside}${name}`;
  const program = (file: string, mark: string): string => {
    writeFileSync(file, `#!/bin/sh\n${leaving(marks, at(mark))}\n`, { mode: 0o755 });
    return file;
  };
  const hooks = scratch();
  for (const name of ["post-index-change", "reference-transaction", "post-checkout"])
    program(join(hooks, name), `hook-${name}`);
  const monitor = program(join(scratch(), "monitor"), "fsmonitor");
  const remote = program(join(scratch(), "remote"), "remote");
  const values: Record<string, string> = {
    "core.fsmonitor": monitor,
    "core.hooksPath": hooks,
    "core.sshCommand": leaving(marks, at("ssh")),
    "core.gitProxy": monitor,
    "core.pager": leaving(marks, at("pager")),
    "pager.status": "true",
    "core.askPass": monitor,
    "credential.helper": `!${leaving(marks, at("credential"))}`,
    "alias.status": `!${leaving(marks, at("alias"))}`,
    "diff.external": monitor,
    "diff.odd.textconv": monitor,
    "gpg.program": monitor,
    "log.showSignature": "true",
    "filter.odd.clean": leaving(marks, at("clean"), "tr a-z A-Z"),
    "filter.odd.smudge": leaving(marks, at("smudge"), "tr A-Z a-z"),
    "filter.long.process": leaving(marks, at("process")),
    "filter.long.required": "true",
    // What is missing in a partial clone is fetched by programs that the remote names.
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::${remote}`,
    "remote.origin.uploadpack": leaving(marks, at("uploadpack")),
    "protocol.ext.allow": "always",
    "protocol.allow": "always",
  };
  for (const [name, value] of Object.entries(values)) await git(tree, ["config", name, value]);
}

/** Makes a work tree with a filtered file and a submodule, checked out by git a while ago. */
async function trap(): Promise<Trap> {
  const [tree, marks] = [scratch(), scratch()];
  const inner = join(tree, "inner");
  const attributes = "*.odd filter=odd diff=odd\n*.long filter=long diff=odd\n";
  for (const folder of [inner, tree]) {
    put(folder, { ".gitattributes": attributes, "a.odd": "small\n", plain: "plain\n" });
    // The filter is there when the file is committed, so git has other bytes than the work tree.
    await git(folder, ["init", "--quiet", "--initial-branch=main"]);
    await git(folder, ["config", "filter.odd.clean", "tr a-z A-Z"]);
    old(folder);
    await commitAll(folder, "first");
  }
  const head = await git(tree, ["rev-parse", "HEAD"]);
  await set(inner, marks, "inner-");
  await set(tree, marks, "");
  return { tree, head, ran: () => readdirSync(marks) };
}

/** Makes files older than the index, so that what git remembers of them counts. */
function old(folder: string): void {
  for (const name of readdirSync(folder).filter((name) => name !== ".git" && name !== "inner"))
    utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
}

/** Makes files a little younger than that, and still older than the index. */
function touch(tree: string, ...paths: string[]): void {
  for (const path of paths) utimesSync(join(tree, path), 1_700_000_001, 1_700_000_001);
}

describe("a work tree that names programs of its own", () => {
  after(removeScratch);

  it("springs its traps where git is asked as usual, or this proves nothing", async () => {
    const { tree, ran } = await trap();
    touch(tree, "a.odd", "inner/a.odd");
    await git(tree, ["status"]);
    await git(tree, ["cat-file", "-e", NOWHERE]).catch(() => undefined);
    const said = ran().join();
    for (const name of ["fsmonitor", "clean", "inner-clean", "inner-fsmonitor", "remote"]) {
      assert.ok(said.split(",").includes(name), `${name}: ${said}`);
    }
  });

  it("is asked every question, and no program of it runs", async () => {
    const { tree, head, ran } = await trap();
    put(tree, { "b.odd": "new\n" });
    touch(tree, "a.odd", "inner/a.odd");
    const said = [
      validatedRevision(tree),
      commitFacts(tree, head, { branch: "main", seconds: 30 }),
      commitFacts(tree, NOWHERE, { branch: "main", seconds: 30 }),
      contextDoubts(tree, head, 30),
      contextDoubts(join(tree, "inner"), NOWHERE, 30),
      originRepository(tree),
      sightingOf(tree, 30),
    ];
    const [revision, facts, away] = await Promise.all(said);
    assert.equal(revision, head);
    assert.ok(typeof facts === "object" && facts !== null && "dirty" in facts);
    const { exists, onBranch, dirty } = facts;
    assert.deepEqual([exists, onBranch, dirty], [{ is: true }, { is: "yes" }, { is: ["b.odd"] }]);
    assert.ok(typeof away === "object" && away !== null && "exists" in away);
    assert.notDeepEqual(away.exists, { is: true });
    assert.deepEqual(ran(), []);
    assert.ok(!existsSync(join(tree, ".git", "index.lock")));
  });

  it("is clean where git has seen its filtered files, and these are as they were", async () => {
    const { tree, ran } = await trap();
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: [] });
    appendFileSync(join(tree, "plain"), "more\n");
    assert.deepEqual(await changesIn(tree, ALL), { files: ["plain"], doubtful: [] });
    assert.deepEqual(ran(), []);
  });

  it("is in doubt about a filtered file that was touched, and sure of one that has another size", async () => {
    const { tree, head, ran } = await trap();
    touch(tree, "a.odd");
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: ["a.odd"] });
    const { dirty } = await commitFacts(tree, head, { branch: null, seconds: 30 });
    assert.deepEqual(dirty, {
      unknown:
        'a filter would have to look at "a.odd", but the repository\'s own configuration names its program, which is not run; ' +
        "if you trust it, run git status there, or define it in your own configuration (git config --global)",
    });
    const { doubts } = await contextDoubts(tree, head, 30);
    assert.match(doubts.join(), /^can't tell whether the build context has changes .*: a filter would have/);
    assert.deepEqual((await sightingOf(tree, 30))?.changed, ["a.odd"]);
    writeFileSync(join(tree, "a.odd"), "longer\n");
    assert.deepEqual(await changesIn(tree, ALL), { files: ["a.odd"], doubtful: [] });
    assert.deepEqual(ran(), []);
  });

  it("is clean again once git has looked, as the sentence says", async () => {
    const tree = scratch();
    put(tree, { ".gitattributes": "*.odd filter=odd\n", "a.odd": "small\n" });
    await git(tree, ["init", "--quiet"]);
    await git(tree, ["config", "filter.odd.clean", "tr a-z A-Z"]);
    old(tree);
    await commitAll(tree, "first");
    touch(tree, "a.odd");
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: ["a.odd"] });
    await git(tree, ["status"]);
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: [] });
  });

  it("has its submodules looked at by the same rules", async () => {
    const { tree, ran } = await trap();
    touch(tree, "inner/a.odd");
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: ["inner"] });
    writeFileSync(join(tree, "inner", "new"), "");
    assert.deepEqual(await changesIn(tree, ALL), { files: ["inner"], doubtful: [] });
    assert.deepEqual(await changesIn(tree, { ...ALL, untracked: false }), { files: [], doubtful: ["inner"] });
    rmSync(join(tree, "inner", ".git"), { recursive: true });
    mkdirSync(join(tree, "inner", ".git"));
    await assert.rejects(changesIn(tree, ALL), /the submodule in .*inner has no repository of its own/);
    assert.deepEqual(ran(), []);
  });

  it("leaves a filter of the user's own configuration as the user has it", async () => {
    const { tree, ran } = await trap();
    touch(tree, "a.odd");
    const file = join(scratch(), "config");
    writeFileSync(file, '[filter "odd"]\n\tclean = tr a-z A-Z\n');
    const found = await withEnvironment({ GIT_CONFIG_GLOBAL: file }, () => changesIn(tree, ALL));
    assert.deepEqual(found, { files: [], doubtful: [] });
    assert.deepEqual(ran(), []);
  });

  it("with a filter whose name git takes in no option is in doubt", async () => {
    const { tree, ran } = await trap();
    await git(tree, ["config", "filter.a=b.clean", "false"]);
    await assert.rejects(changesIn(tree, ALL), /has a filter with the name "a=b"; rename it/);
    assert.deepEqual(ran(), []);
  });
});

describe("the filters of a configuration", () => {
  const listed = (...entries: string[]): string => entries.map((entry) => `${entry}\0`).join("");

  it("are left alone where the work tree sets none of their parts", () => {
    const text = listed("global\0filter.lfs.clean\ngit-lfs clean -- %f", "local\0core.bare\nfalse");
    assert.deepEqual(quieted(text), { settings: [], drivers: new Set(), unnameable: null });
  });

  it("lose what the work tree sets, and keep what the user set", () => {
    const text = listed(
      ...["system\0filter.lfs.process\ngit-lfs filter-process", "global\0filter.lfs.required"],
      ...["global\0filter.b.clean\nuser", "local\0filter.lfs.clean\nevil\nin two lines"],
      ...["worktree\0filter.a.b.process\nevil", "local\0filter.b.process\nevil"],
    );
    const { settings, drivers } = quieted(text);
    const values = settings.filter((word) => word !== "-c");
    assert.deepEqual(values, [
      ...["filter.lfs.required=true", "filter.lfs.process=git-lfs filter-process"],
      ...["filter.b.clean=", "filter.b.process=", "filter.b.required=false"],
      ...["filter.a.b.clean=", "filter.a.b.process=", "filter.a.b.required=false"],
    ]);
    assert.deepEqual([...drivers], ["b", "a.b"]);
  });
});
