import assert from "node:assert/strict";
import { expectedRevision, imageRevision } from "../../../../provider/build/functions/revisions";
import type { Rollout } from "../../../../provider/promote/gate/rollout";
import { each } from "../../../support/each";
import { commitAll, git } from "../../../support/git";
import { scratch } from "../../store/scratch";

describe("expectedRevision", () => {
  let worktree: string;
  let head: string;
  before(async () => {
    worktree = scratch();
    head = await commitAll(worktree, "first");
  });

  const self = { enabled: true, selfRepository: "me/self" };
  const listed = { ...self, repositories: "team/app" };
  each("is %s", [
    ["HEAD for the program's own repository", true, self],
    ["HEAD for one on the list", true, { ...listed, repository: "Team/App" }],
    ["empty where the gate is off", false, { ...self, enabled: false }],
    ["empty for another repository than the listed ones", false, listed],
    ["empty for another repository than the own one", false, { ...self, repository: "team/app" }],
    ["empty without any repository", false, { enabled: true }],
  ])(async (_, is, rollout) => assert.equal(await expectedRevision(worktree, rollout), is ? head : ""));

  it("asks git's origin for the program's own repository where nothing else names it", async () => {
    const program = scratch();
    const before = process.cwd();
    process.chdir(program);
    try {
      const own = { enabled: true, repositories: "", repository: "me/self" };
      assert.equal(await expectedRevision(worktree, own), "", "no work tree, and so no origin");
      await git(program, ["init", "--quiet"]);
      await git(program, ["remote", "add", "origin", "git@forge.example:Me/Self.git"]);
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
    const unreadable = { get: () => assert.fail("can't be read") };
    const thrower = Object.defineProperty({ enabled: true }, "repository", unreadable);
    for (const broken of [undefined, null, thrower])
      assert.equal(await expectedRevision(worktree, broken as unknown as Rollout), "");
  });
});

describe("imageRevision", () => {
  it("is empty for an engine that can't be reached, and never throws", async () => {
    const options = { host: "unix:///nonexistent/docker.sock", timeouts: { inspect: 10 } };
    assert.equal(await imageRevision("web:1", options), "");
  });
});
