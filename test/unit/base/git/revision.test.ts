import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { originRepository, repositoryOfRemote } from "../../../../provider/base/git/remote";
import { validatedRevision } from "../../../../provider/base/git/revision";
import { isFullRevision } from "../../../../provider/base/revision/revision";
import { each } from "../../../support/each";
import { commitAll, git } from "../../../support/git";
import { removeScratch, scratch } from "../../store/scratch";
import { INSIDE, withEnvironment, withGit } from "./environment";

async function repository(...options: string[]): Promise<{ directory: string; head: string }> {
  const directory = scratch();
  await git(directory, ["init", "--quiet", ...options]);
  return { directory, head: await commitAll(directory, "first") };
}

describe("isFullRevision", () => {
  it("takes 40 or 64 lower-case hex digits and nothing else", () => {
    const good = ["a".repeat(40), "0".repeat(64)];
    const lengths = ["", "a".repeat(39), "a".repeat(41), "a".repeat(63)];
    const bad = ["A".repeat(40), "g".repeat(40), ` ${"a".repeat(40)}`, `${"a".repeat(40)}\n`];
    assert.deepEqual([...lengths, ...bad, ...good].filter(isFullRevision), good);
  });
});

describe("validatedRevision", () => {
  after(removeScratch);

  it("is the full SHA of HEAD: at the top, in a subdirectory, in a linked work tree, on a detached HEAD", async () => {
    const { directory, head } = await repository();
    mkdirSync(join(directory, "a/b"), { recursive: true });
    const linked = join(scratch(), "linked");
    await git(directory, ["worktree", "add", "--quiet", "--detach", linked]);
    await git(linked, ["commit", "--quiet", "--allow-empty", "--message", "second"]);
    const second = await git(linked, ["rev-parse", "HEAD"]);
    assert.ok(isFullRevision(head) && second !== head);
    const found = [directory, join(directory, "a/b"), linked].map((place) => validatedRevision(place));
    assert.deepEqual(await Promise.all(found), [head, head, second]);
  });

  it("is the commit, also where a tag or a replacement is called HEAD's name", async () => {
    const { directory, head } = await repository();
    await git(directory, ["tag", "--annotate", "--message", "x", "v1"]);
    await git(directory, ["checkout", "--quiet", "v1"]);
    assert.equal(await validatedRevision(directory), head);
    const second = await commitAll(directory, "second");
    await git(directory, ["replace", second, head]);
    assert.equal(await validatedRevision(directory), second);
  });

  it("is the 64 digits of a SHA-256 repository", async () => {
    const { directory, head } = await repository("--object-format=sha256");
    assert.deepEqual([head.length, await validatedRevision(directory)], [64, head]);
  });

  it("is empty on any doubt", async () => {
    const [empty, bare] = [scratch(), scratch()];
    await git(empty, ["init", "--quiet"]);
    await git(bare, ["init", "--quiet", "--bare"]);
    const { directory } = await repository();
    const broken = (await repository()).directory;
    writeFileSync(join(broken, ".git", "HEAD"), "ref: refs/heads/none\n");
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    const places = {
      ...{ "no commit": empty, bare, "the .git directory": join(directory, ".git"), "a file": file },
      ...{ "a HEAD that leads nowhere": broken, "no repository": scratch() },
      ...{ "no directory": join(directory, "missing"), "an empty string": "", blanks: "  " },
      ...{ "an option": "--help", "a NUL": "a\0b", nothing: undefined as never },
    };
    for (const [claim, place] of Object.entries(places))
      assert.equal(await validatedRevision(place), "", claim);
  });

  it("looks at the work tree that it is given, whatever the environment points git at", async () => {
    const { directory, head } = await repository();
    const other = (await repository()).directory;
    await commitAll(other, "other");
    const gitDirectory = join(other, ".git");
    const environments: Record<string, string>[] = [
      ...[
        { GIT_DIR: gitDirectory },
        { GIT_DIR: gitDirectory, GIT_WORK_TREE: other },
        { GIT_WORK_TREE: other },
      ],
      ...[{ GIT_COMMON_DIR: gitDirectory }, { GIT_OBJECT_DIRECTORY: join(gitDirectory, "objects") }],
      ...[{ GIT_NAMESPACE: "elsewhere" }, { GIT_INDEX_FILE: join(gitDirectory, "index") }],
    ];
    for (const values of environments) {
      const found = await withEnvironment(values, () =>
        Promise.all([validatedRevision(directory), validatedRevision(join(directory, "missing"))]),
      );
      assert.deepEqual(found, [head, ""], JSON.stringify(values));
    }
  });

  it("is empty when git is missing, slower than the limit, or answers something else", async () => {
    const { directory, head } = await repository();
    const found = (seconds?: number): Promise<string> => validatedRevision(directory, seconds);
    assert.equal(await withEnvironment({ PATH: "/nonexistent" }, found), "");
    const answers: [script: string, expected: string][] = [
      [`${INSIDE}; echo ${head}`, head],
      [`${INSIDE}; echo ${head.slice(0, 12)}`, ""],
      [`${INSIDE}; echo HEAD`, ""],
      [`${INSIDE}; echo ${head}; exit 1`, ""],
      ["echo false", ""],
    ];
    for (const [script, expected] of answers) assert.equal(await withGit(script, found), expected, script);
    assert.equal(await withGit(`${INSIDE}; sleep 600; echo ${head}`, () => found(0.3)), "");
  });
});

describe("the repository's name in a remote's address", () => {
  each("%j is %s", [
    ["https://forge.example/owner/name.git", "owner/name"],
    ["https://forge.example/owner/name\n", "owner/name"],
    ["https://forge.example/owner/name/", "owner/name"],
    ["https://user:token@forge.example:8443/owner/name.git", "owner/name"],
    ["ssh://git@forge.example:2222/owner/name.git", "owner/name"],
    ["git://forge.example/owner/name", "owner/name"],
    ["git@forge.example:owner/name.git", "owner/name"],
    ["forge.example:owner/name", "owner/name"],
    ["git@[::1]:owner/name.git", "owner/name"],
    ["git@forge.example:/owner/name.git", "owner/name"],
    ["https://forge.example/group/sub/name.git", "group/sub/name"],
    ["https://forge.example/Owner/na.me.git", "Owner/na.me"],
    ["https://forge.example/name.git", null],
    ["https://forge.example/", null],
    ["https://forge.example", null],
    ["git@forge.example:name", null],
    ["file:///srv/owner/name.git", null],
    ["/srv/owner/name.git", null],
    ["../owner/name", null],
    ["C:/owner/name", null],
    ["https://forge.example/owner/../name", null],
    ["https://forge.example/owner/na me", null],
    ["https://forge.example/owner/name?x=1", null],
    ["ext::sh -c owner/name", null],
    ["", null],
  ])((address, name) => assert.equal(repositoryOfRemote(address), name));
});

describe("the repository of a directory's origin", () => {
  after(removeScratch);

  it("is what git has for it, and null on any doubt", async () => {
    const directory = scratch();
    assert.equal(await originRepository(directory), null, "no repository");
    await git(directory, ["init", "--quiet"]);
    assert.equal(await originRepository(directory), null, "no origin");
    await git(directory, ["remote", "add", "origin", "git@forge.example:owner/name.git"]);
    assert.equal(await originRepository(directory), "owner/name");
    assert.equal(await originRepository(`${directory}/missing`), null);
    const late = await withGit("sleep 600", () => originRepository(directory, 0.3));
    assert.equal(late, null, "no answer in time");
  });
});
