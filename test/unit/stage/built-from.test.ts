import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contextDoubts } from "../../../provider/stage/built-from";
import { commitAll, git } from "../../support/git";
import { scratch } from "../store/scratch";

describe("a build context, seen from a revision", () => {
  let directory: string;
  let head: string;
  before(async () => {
    directory = scratch();
    await mkdir(join(directory, "work", "app"), { recursive: true });
    await writeFile(join(directory, "work", "app", "Dockerfile"), "FROM scratch\n");
    head = await commitAll(join(directory, "work"), "first");
  });

  const seen = (folder: string, revision = head) => contextDoubts(join(directory, folder), revision, 30);

  it("is the revision, whatever has changed beside it", async () => {
    await writeFile(join(directory, "work", "beside"), "");
    assert.deepEqual(await seen("work/app"), { refused: null, doubts: [] });
    await rm(join(directory, "work", "beside"));
  });

  it("is surely another one", async () => {
    const words = `the build context is at ${head.slice(0, 12)}, and not at the revision (aaaaaaaaaaaa)`;
    assert.equal((await seen("work", "a".repeat(40))).refused, words);
  });

  it("is taken on trust where there is no work tree, and refused where that can't be told", async () => {
    const { refused, doubts } = await seen(".");
    assert.equal(refused, null);
    assert.match(doubts.join(), /is no git work tree/);
    await mkdir(join(directory, "unborn"));
    await git(join(directory, "unborn"), ["init", "--quiet"]);
    assert.match((await seen("unborn")).refused ?? "", /can't tell which revision/);
    assert.match((await seen("nowhere")).refused ?? "", /can't tell which revision/);
  });

  it("names five of the files that have changed, each on its line's own terms", async () => {
    for (const name of ["1", "2", "3", "4", "5", "a\nb"])
      await writeFile(join(directory, "work", "app", name), "");
    const { doubts } = await seen("work/app");
    assert.deepEqual(doubts, [
      `the build context IS NOT WHAT THE REVISION (${head.slice(0, 12)}) HAS; changed and not committed: ` +
        "app/1, app/2, app/3, app/4, app/5 and 1 more",
    ]);
  });
});
