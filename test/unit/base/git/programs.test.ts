import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
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
import { withEnvironment } from "./environment";

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
  const hooks = scratch();
  for (const name of ["post-index-change", "reference-transaction", "post-checkout"]) {
    writeFileSync(join(hooks, name), `#!/bin/sh\n${leaving(marks, at(`hook-${name}`))}\n`, { mode: 0o755 });
  }
  const monitor = join(scratch(), "monitor");
  writeFileSync(monitor, `#!/bin/sh\n${leaving(marks, at("fsmonitor"))}\n`, { mode: 0o755 });
  const remote = join(scratch(), "remote");
  writeFileSync(remote, `#!/bin/sh\n${leaving(marks, at("remote"))}\n`, { mode: 0o755 });
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
  mkdirSync(inner);
  for (const folder of [inner, tree]) {
    writeFileSync(join(folder, ".gitattributes"), "*.odd filter=odd diff=odd\n*.long filter=long diff=odd\n");
    writeFileSync(join(folder, "a.odd"), "small\n");
    writeFileSync(join(folder, "plain"), "plain\n");
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
  for (const name of readdirSync(folder)) {
    if (name !== ".git" && name !== "inner") utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
  }
}

describe("a work tree that names programs of its own", () => {
  after(removeScratch);

  it("springs its traps where git is asked as usual, or this proves nothing", async () => {
    const { tree, ran } = await trap();
    for (const path of ["a.odd", "inner/a.odd"]) utimesSync(join(tree, path), 1_700_000_001, 1_700_000_001);
    await git(tree, ["status"]);
    await git(tree, ["cat-file", "-e", NOWHERE]).catch(() => undefined);
    const said = ran().join();
    for (const name of ["fsmonitor", "clean", "inner-clean", "inner-fsmonitor", "remote"]) {
      assert.ok(said.split(",").includes(name), `${name}: ${said}`);
    }
  });

  it("is asked every question, and no program of it runs", async () => {
    const { tree, head, ran } = await trap();
    writeFileSync(join(tree, "b.odd"), "new\n");
    for (const path of ["a.odd", "inner/a.odd"]) utimesSync(join(tree, path), 1_700_000_001, 1_700_000_001);
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
    assert.deepEqual(facts.exists, { is: true });
    assert.deepEqual(facts.onBranch, { is: "yes" });
    assert.deepEqual(facts.dirty, { is: ["b.odd"] });
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
    utimesSync(join(tree, "a.odd"), 1_700_000_002, 1_700_000_002);
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
    writeFileSync(join(tree, ".gitattributes"), "*.odd filter=odd\n");
    writeFileSync(join(tree, "a.odd"), "small\n");
    await git(tree, ["init", "--quiet"]);
    await git(tree, ["config", "filter.odd.clean", "tr a-z A-Z"]);
    old(tree);
    await commitAll(tree, "first");
    utimesSync(join(tree, "a.odd"), 1_700_000_003, 1_700_000_003);
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: ["a.odd"] });
    await git(tree, ["status"]);
    assert.deepEqual(await changesIn(tree, ALL), { files: [], doubtful: [] });
  });

  it("has its submodules looked at by the same rules", async () => {
    const { tree, ran } = await trap();
    utimesSync(join(tree, "inner", "a.odd"), 1_700_000_004, 1_700_000_004);
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
    utimesSync(join(tree, "a.odd"), 1_700_000_005, 1_700_000_005);
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
      "system\0filter.lfs.process\ngit-lfs filter-process",
      "global\0filter.lfs.required",
      "global\0filter.b.clean\nuser",
      "local\0filter.lfs.clean\nevil\nin two lines",
      "worktree\0filter.a.b.process\nevil",
      "local\0filter.b.process\nevil",
    );
    const { settings, drivers } = quieted(text);
    assert.deepEqual(
      settings.filter((word) => word !== "-c"),
      [
        ...["filter.lfs.required=true", "filter.lfs.process=git-lfs filter-process"],
        ...["filter.b.clean=", "filter.b.process=", "filter.b.required=false"],
        ...["filter.a.b.clean=", "filter.a.b.process=", "filter.a.b.required=false"],
      ],
    );
    assert.deepEqual([...drivers], ["b", "a.b"]);
  });
});
