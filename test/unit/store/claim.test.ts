import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOf, thisProcess } from "../../../provider/base/process/identity";
import { LONGEST_USE } from "../../../provider/base/process/leftovers";
import { abandonedClaim, putClaim, releaseClaim, type Claim } from "../../../provider/store/claim";
import { buildPaths } from "../../../provider/store/paths";
import { at, removeScratch, scratch } from "./scratch";

describe("store: the claim of a build", () => {
  after(removeScratch);
  /** No process has its number. */
  const gone = { ...thisProcess(), pid: 2 ** 22 + 1 };
  let directory: string;
  let building: string;
  /** Rewrites the claim as another maker would have written it. */
  function change(changes: Partial<Claim>): void {
    const claim = JSON.parse(readFileSync(building, "utf8")) as Claim;
    writeFileSync(building, JSON.stringify({ ...claim, ...changes }));
  }

  beforeEach(async () => {
    ({ directory, building } = buildPaths(scratch(), "web", at(1)));
    mkdirSync(directory);
    await putClaim(building, directory, "ENGINE");
  });
  afterEach(() => releaseClaim(building));

  it("is not abandoned while this process is at the build, and is when it has let go of it", async () => {
    assert.equal(await abandonedClaim(building, directory), null);
    releaseClaim(building);
    assert.equal((await abandonedClaim(building, directory))?.engine, "ENGINE");
  });

  it("is abandoned once its process is gone, and not before", async () => {
    change({ maker: identityOf(process.ppid) });
    assert.equal(await abandonedClaim(building, directory), null);
    change({ maker: gone });
    assert.notEqual(await abandonedClaim(building, directory), null);
  });

  it("of another machine is none of ours until it is older than any build can be", async () => {
    change({ maker: { ...gone, space: "0".repeat(16) } });
    const written = Date.now();
    assert.equal(await abandonedClaim(building, directory, written + LONGEST_USE - 60_000), null);
    assert.notEqual(await abandonedClaim(building, directory, written + LONGEST_USE + 60_000), null);
  });

  it("in a form that is not known is none of ours", async () => {
    for (const text of ["", "{}", "null", '{"maker":1}', `{"maker":${JSON.stringify(gone)}`]) {
      writeFileSync(building, text);
      assert.equal(await abandonedClaim(building, directory), null);
    }
    assert.equal(await abandonedClaim(join(directory, "none"), directory), null);
  });

  it("of a folder that was copied or moved is none of ours: the image may be another store's", async () => {
    change({ maker: gone });
    const file = (folder: string): string => join(folder, `web-${at(1)}.building`);
    const copy = `${directory}-copy`;
    cpSync(directory, copy, { recursive: true });
    assert.equal(await abandonedClaim(file(copy), copy), null);
    const moved = `${directory}-moved`;
    renameSync(directory, moved);
    assert.equal(await abandonedClaim(file(moved), moved), null);
    // A copy at the very path of the original is another folder.
    renameSync(copy, directory);
    assert.equal(await abandonedClaim(file(directory), directory), null);
  });
});
