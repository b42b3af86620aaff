import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { expectedRevision, imageRevision } from "../../../../provider/build/functions/revisions";
import type { Rollout } from "../../../../provider/promote/gate/rollout";
import { removeScratch, scratch } from "../../store/scratch";

describe("expectedRevision", () => {
  after(removeScratch);
  let worktree: string;
  let head: string;
  before(() => {
    worktree = scratch();
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", "-C", worktree, ...args], {
        encoding: "utf8",
      }).trim();
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "first");
    head = git("rev-parse", "HEAD");
  });

  it("is HEAD where the gate applies", async () => {
    assert.equal(await expectedRevision(worktree, { enabled: true, selfRepository: "me/self" }), head);
    const listed = { enabled: true, repositories: "team/app", selfRepository: "me/self" };
    assert.equal(await expectedRevision(worktree, { ...listed, repository: "Team/App" }), head);
  });

  it("is empty where it doesn't: off, another repository, no repository at all", async () => {
    for (const rollout of [
      { enabled: false, selfRepository: "me/self" },
      { enabled: true, repositories: "team/app", selfRepository: "me/self" },
      { enabled: true, selfRepository: "me/self", repository: "team/app" },
      { enabled: true },
    ]) {
      assert.equal(await expectedRevision(worktree, rollout), "");
    }
  });

  it("asks git's origin for the program's own repository where nothing else names it", async () => {
    const program = scratch();
    const before = process.cwd();
    process.chdir(program);
    try {
      const own = { enabled: true, repositories: "", repository: "me/self" };
      assert.equal(await expectedRevision(worktree, own), "", "no work tree, and so no origin");
      execFileSync("git", ["init", "-q"]);
      execFileSync("git", ["remote", "add", "origin", "git@forge.example:Me/Self.git"]);
      assert.equal(await expectedRevision(worktree, own), head);
      assert.equal(await expectedRevision(worktree, { ...own, repository: "team/app" }), "");
      assert.equal(await expectedRevision(worktree, { ...own, selfRepository: "team/app" }), "");
      assert.equal(await expectedRevision(worktree, { enabled: true }), "", "a work tree of no name");
    } finally {
      process.chdir(before);
    }
  });

  it("is empty on any doubt, and never throws", async () => {
    assert.equal(await expectedRevision(scratch(), { enabled: true, selfRepository: "me/self" }), "");
    const thrower = {
      enabled: true,
      get repository(): string {
        throw new Error("can't be read");
      },
    };
    for (const broken of [undefined, null, thrower]) {
      assert.equal(await expectedRevision(worktree, broken as unknown as Rollout), "");
    }
  });
});

describe("imageRevision", () => {
  it("is empty for an engine that can't be reached, and never throws", async () => {
    const options = { host: "unix:///nonexistent/docker.sock", timeouts: { inspect: 10 } };
    assert.equal(await imageRevision("web:1", options), "");
  });
});
