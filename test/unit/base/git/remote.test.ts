import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { originRepository, repositoryOfRemote } from "../../../../provider/base/git/remote";
import { git } from "../../../support/git";
import { removeScratch, scratch } from "../../store/scratch";

describe("the repository's name in a remote's address", () => {
  for (const [address, name] of [
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
  ] as const) {
    it(`${JSON.stringify(address)} is ${name ?? "none"}`, () =>
      assert.equal(repositoryOfRemote(address), name));
  }
});

/** Does work while the git on PATH takes half a minute for everything. */
async function withSlowGit<T>(work: () => Promise<T>): Promise<T> {
  const { PATH } = process.env;
  const folder = scratch();
  writeFileSync(join(folder, "git"), "#!/bin/sh\nsleep 30\n", { mode: 0o755 });
  process.env.PATH = `${folder}${delimiter}${PATH ?? ""}`;
  try {
    return await work();
  } finally {
    process.env.PATH = PATH;
  }
}

describe("the repository of a directory's origin", function () {
  this.timeout(20_000);
  after(removeScratch);

  it("is what git has for it, and null on any doubt", async () => {
    const directory = scratch();
    assert.equal(await originRepository(directory), null, "no repository");
    await git(directory, ["init", "--quiet"]);
    assert.equal(await originRepository(directory), null, "no origin");
    await git(directory, ["remote", "add", "origin", "git@forge.example:owner/name.git"]);
    assert.equal(await originRepository(directory), "owner/name");
    assert.equal(await originRepository(`${directory}/missing`), null);
    assert.equal(await withSlowGit(() => originRepository(directory, 0.3)), null, "no answer in time");
  });
});
