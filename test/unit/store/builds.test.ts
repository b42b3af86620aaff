import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { latestBuild, listBuilds } from "../../../provider/store/builds";
import { StoreError } from "../../../provider/base/errors/store-error";
import { findBuild } from "../../../provider/store/find-image";
import { buildPaths } from "../../../provider/store/paths";
import { at, id, putBuild, removeScratch, scratch } from "./scratch";

describe("store: an artifact's builds", () => {
  after(removeScratch);

  it("are those with a lock, oldest first", async () => {
    const root = scratch();
    for (const stamp of [at(2, 10), at(3), at(2, 9), at(2), at(1)]) await putBuild(root, "web", stamp);
    const { directory } = buildPaths(root, "web", "");
    for (const name of [
      `web-${at(9)}.build.log`,
      "web-latest.lock",
      `web-${at(9)}.lock.123`,
      `other-${at(9)}.lock`,
      "latest",
    ]) {
      writeFileSync(join(directory, name), "");
    }
    assert.deepEqual(await listBuilds(root, "web"), [at(1), at(2), at(2, 9), at(2, 10), at(3)]);
  });

  it("are none without a store, and an error when that can't be told", async () => {
    const root = scratch();
    assert.deepEqual(await listBuilds(root, "web"), []);
    assert.deepEqual(await listBuilds(join(root, "none"), "web"), []);
    writeFileSync(join(root, "web"), "");
    await assert.rejects(listBuilds(root, "web"), StoreError);
  });

  it("have a latest one where the link says so; a strange link, or a file, says nothing", async () => {
    const root = scratch();
    assert.equal(await latestBuild(root, "web"), null);
    const paths = await putBuild(root, "web", at(1, 2), { latest: true });
    assert.equal(await latestBuild(root, "web"), at(1, 2));
    for (const target of [
      "web-../../etc.lock",
      `../web/web-${at(1)}.lock`,
      "other.lock",
      "web-latest.lock",
    ]) {
      rmSync(paths.latest);
      symlinkSync(target, paths.latest);
      assert.equal(await latestBuild(root, "web"), null, target);
    }
    rmSync(paths.latest);
    writeFileSync(paths.latest, `web-${at(1)}.lock`);
    assert.equal(await latestBuild(root, "web"), null);
  });

  it("have no readable latest where the artifact's folder is no folder: an error", async () => {
    const root = scratch();
    writeFileSync(join(root, "web"), "");
    await assert.rejects(latestBuild(root, "web"), StoreError);
  });
});

describe("store: finding the build of an artifact", () => {
  after(removeScratch);
  const stamp = async (root: string, artifact: string): Promise<string | null> => {
    const found = await findBuild(root, artifact);
    return found === null ? null : `${found.record.name}:${found.record.timestamp}`;
  };

  it("by artifact and timestamp, by artifact, by latest", async () => {
    const root = scratch();
    await putBuild(root, "web", at(2));
    await putBuild(root, "web", at(1), { latest: true });
    assert.equal(await stamp(root, `web:${at(2)}`), `web:${at(2)}`);
    assert.equal(await stamp(root, "web"), `web:${at(1)}`);
    assert.equal(await stamp(root, "web:latest"), `web:${at(1)}`);
    for (const none of ["other", `web:${at(3)}`, "web:production", "", ":", "web:", "..", `..:${at(1)}`]) {
      assert.equal(await stamp(root, none), null, none);
    }
  });

  it("has no latest where nothing points to one, even if there are builds", async () => {
    const root = scratch();
    await putBuild(root, "web", at(1));
    assert.equal(await stamp(root, "web"), null);
  });

  it("by image ID, short prefix or not; the newest build counts, over all artifacts and by collision number", async () => {
    const root = scratch();
    await putBuild(root, "web", at(2, 9), { imageId: id("b") });
    await putBuild(root, "app", at(2, 10), { imageId: id("b") });
    await putBuild(root, "web", at(1), { imageId: id("b") });
    await putBuild(root, "web", at(3), { imageId: id("c") });
    assert.equal(await stamp(root, id("b")), `app:${at(2, 10)}`);
    assert.equal(await stamp(root, "c".repeat(64)), `web:${at(3)}`);
    assert.equal(await stamp(root, id("d")), null);
    assert.equal(await stamp(root, "sha256:bbbb"), null);
  });

  it("passes by builds without a record, and directories that are no artifacts", async () => {
    const root = scratch();
    const { record } = await putBuild(root, "web", at(1), { latest: true });
    rmSync(record);
    mkdirSync(join(root, "lost+found"), { mode: 0o000 });
    mkdirSync(join(root, ".git"));
    writeFileSync(join(root, "README.md"), "");
    assert.equal(await stamp(root, "web"), null);
    assert.equal(await stamp(root, id("a")), null);
  });

  it("throws when a record can't be understood: it could be the newest build of this image", async () => {
    const root = scratch();
    await putBuild(root, "web", at(1));
    const { record } = await putBuild(root, "app", at(2));
    writeFileSync(record, "{");
    await assert.rejects(findBuild(root, id("a")), StoreError);
    assert.equal(await stamp(root, `web:${at(1)}`), `web:${at(1)}`);
  });

  it("is null without a store, and an error when the store is no directory", async () => {
    const root = scratch();
    assert.equal(await findBuild(join(root, "none"), "web"), null);
    writeFileSync(join(root, "file"), "");
    await assert.rejects(findBuild(join(root, "file"), "web"), StoreError);
  });
});
