import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { validatedRevision } from "../../../../provider/base/git/revision";
import { isFullRevision } from "../../../../provider/base/revision/revision";
import { removeScratch, scratch } from "../../store/scratch";

const WHO = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
const git = (directory: string, ...args: string[]): string =>
  execFileSync("git", [...WHO, "-C", directory, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

function repository(...options: string[]): { directory: string; head: string } {
  const directory = scratch();
  git(directory, "init", "-q", ...options);
  git(directory, "commit", "-q", "--allow-empty", "-m", "first");
  return { directory, head: git(directory, "rev-parse", "HEAD") };
}

async function withEnvironment(values: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    await work();
  } finally {
    for (const name of Object.keys(values)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

describe("isFullRevision", () => {
  it("takes 40 or 64 lower-case hex digits and nothing else", () => {
    for (const good of ["a".repeat(40), "0".repeat(64)]) assert.ok(isFullRevision(good));
    const bad = ["", "a".repeat(39), "a".repeat(41), "a".repeat(63), "A".repeat(40), "g".repeat(40)];
    for (const text of [...bad, ` ${"a".repeat(40)}`, `${"a".repeat(40)}\n`])
      assert.ok(!isFullRevision(text));
  });
});

describe("validatedRevision", () => {
  after(removeScratch);

  it("is the full SHA of HEAD: at the top, in a subdirectory, in a linked work tree, on a detached HEAD", async () => {
    const { directory, head } = repository();
    assert.ok(isFullRevision(head));
    assert.equal(await validatedRevision(directory), head);
    mkdirSync(join(directory, "a/b"), { recursive: true });
    assert.equal(await validatedRevision(join(directory, "a/b")), head);
    const linked = join(scratch(), "linked");
    git(directory, "worktree", "add", "-q", "--detach", linked);
    git(linked, "commit", "-q", "--allow-empty", "-m", "second");
    const second = git(linked, "rev-parse", "HEAD");
    assert.equal(await validatedRevision(linked), second);
    assert.notEqual(second, head);
    assert.equal(await validatedRevision(directory), head);
  });

  it("is the commit, also where a tag or a replacement is called HEAD's name", async () => {
    const { directory, head } = repository();
    git(directory, "tag", "-a", "-m", "x", "v1");
    git(directory, "checkout", "-q", "v1");
    assert.equal(await validatedRevision(directory), head);
    git(directory, "commit", "-q", "--allow-empty", "-m", "second");
    const second = git(directory, "rev-parse", "HEAD");
    git(directory, "replace", second, head);
    assert.equal(await validatedRevision(directory), second);
  });

  it("is the 64 digits of a SHA-256 repository", async () => {
    const { directory, head } = repository("--object-format=sha256");
    assert.equal(head.length, 64);
    assert.equal(await validatedRevision(directory), head);
  });

  it("is empty on any doubt", async () => {
    const empty = scratch();
    git(empty, "init", "-q");
    const bare = scratch();
    git(bare, "init", "-q", "--bare");
    const { directory } = repository();
    const broken = repository().directory;
    writeFileSync(join(broken, ".git", "HEAD"), "ref: refs/heads/none\n");
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    for (const [claim, place] of Object.entries({
      "no commit": empty,
      bare,
      "the .git directory": join(directory, ".git"),
      "a HEAD that leads nowhere": broken,
      "no repository": scratch(),
      "no directory": join(directory, "missing"),
      "a file": file,
      "an empty string": "",
      blanks: "  ",
      "an option": "--help",
      "a NUL": "a\0b",
    })) {
      assert.equal(await validatedRevision(place), "", claim);
    }
    assert.equal(await validatedRevision(undefined as never), "");
  });

  it("looks at the work tree that it is given, whatever the environment points git at", async () => {
    const { directory, head } = repository();
    const other = repository();
    git(other.directory, "commit", "-q", "--allow-empty", "-m", "other");
    const gitDirectory = join(other.directory, ".git");
    for (const values of [
      { GIT_DIR: gitDirectory },
      { GIT_DIR: gitDirectory, GIT_WORK_TREE: other.directory },
      { GIT_WORK_TREE: other.directory },
      { GIT_COMMON_DIR: gitDirectory },
      { GIT_OBJECT_DIRECTORY: join(gitDirectory, "objects") },
      { GIT_NAMESPACE: "elsewhere" },
      { GIT_INDEX_FILE: join(gitDirectory, "index") },
    ] as Record<string, string>[]) {
      await withEnvironment(values, async () => {
        assert.equal(await validatedRevision(directory), head, JSON.stringify(values));
        assert.equal(await validatedRevision(join(directory, "missing")), "", JSON.stringify(values));
      });
    }
  });

  it("is empty when git is missing, slower than the limit, or answers something else", async () => {
    const { directory, head } = repository();
    await withEnvironment({ PATH: "/nonexistent" }, async () =>
      assert.equal(await validatedRevision(directory), ""),
    );
    const fake = async (script: string, seconds?: number): Promise<string> => {
      const bin = scratch();
      writeFileSync(join(bin, "git"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, "git"), 0o755);
      let answer = "";
      await withEnvironment({ PATH: bin + delimiter + process.env.PATH }, async () => {
        answer = await validatedRevision(directory, seconds);
      });
      return answer;
    };
    const inside = 'case "$*" in *inside*) echo true; exit;; esac';
    assert.equal(await fake(`${inside}; echo ${head}`), head);
    assert.equal(await fake(`${inside}; echo ${head.slice(0, 12)}`), "");
    assert.equal(await fake(`${inside}; echo HEAD`), "");
    assert.equal(await fake(`${inside}; echo ${head}; exit 1`), "");
    assert.equal(await fake("echo false"), "");
    const started = Date.now();
    assert.equal(await fake(`${inside}; sleep 30; echo ${head}`, 0.3), "");
    assert.ok(Date.now() - started < 10_000);
  });
});
