import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { latestBuild, listBuilds } from "../../../provider/store/builds";
import { StoreError } from "../../../provider/base/errors/store-error";
import { findBuild } from "../../../provider/store/find-image";
import { buildPaths, SUFFIXES } from "../../../provider/store/paths";
import { at, id, putBuild, scratch } from "./scratch";
import { choosePruned, pruneBuilds } from "../../../provider/store/prune";

describe("store: an artifact's builds", () => {
  it("are those with a lock, oldest first", async () => {
    const root = scratch();
    for (const stamp of [at(2, 10), at(3), at(2, 9), at(2), at(1)]) await putBuild(root, "web", stamp);
    const { directory } = buildPaths(root, "web", "");
    const others = [`web-${at(9)}.build.log`, `web-${at(9)}.lock.123`, `other-${at(9)}.lock`];
    for (const name of [...others, "web-latest.lock", "latest"]) writeFileSync(join(directory, name), "");
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
    const strange = ["web-../../etc.lock", `../web/web-${at(1)}.lock`, "other.lock", "web-latest.lock"];
    for (const target of strange) {
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
    for (const none of ["other", `web:${at(3)}`, "web:production", "", ":", "web:", "..", `..:${at(1)}`])
      assert.equal(await stamp(root, none), null, none);
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

const yes = (): Promise<boolean> => Promise.resolve(true);

describe("store: which builds are pruned", () => {
  const builds = [1, 2, 3, 4].map((second) => ({ timestamp: at(second), kept: second === 2 }));

  it("all but the newest, the latest and the kept ones", () => {
    assert.deepEqual(choosePruned(builds, 1, at(4)), [at(1), at(3)]);
    assert.deepEqual(choosePruned(builds, 1, at(1)), [at(3)]);
    assert.deepEqual(choosePruned(builds, 2, null), [at(1)]);
  });

  it("none when there are not more than are retained", () => {
    for (const retain of [4, 5, 1000, Infinity]) assert.deepEqual(choosePruned(builds, retain, null), []);
    assert.deepEqual(choosePruned([], 1, null), []);
  });
});

describe("store: prune", () => {
  async function nameOf(count: number): Promise<string> {
    const root = scratch();
    for (let second = 1; second <= count; second++) {
      const { directory, stem } = await putBuild(root, "web", at(second), { latest: second === count });
      const more = SUFFIXES.filter((suffix) => ![".keep", ".lock", ".build.json"].includes(suffix));
      for (const suffix of more) writeFileSync(join(directory, stem + suffix), "");
    }
    return root;
  }
  const stems = (root: string): string[] => [
    ...new Set(readdirSync(join(root, "web")).map((name) => name.split(".")[0] ?? "")),
  ];

  it("removes every file of an old build, and asks for its image by reference", async () => {
    const root = await nameOf(4);
    const { keep } = buildPaths(root, "web", at(1));
    writeFileSync(keep, "");
    const asked: string[] = [];
    const gone = await pruneBuilds(root, "web", 2, (reference) => {
      asked.push(reference);
      return yes();
    });
    assert.deepEqual([gone, asked], [[at(2)], [`web:${at(2)}`]]);
    assert.deepEqual(stems(root).sort(), ["latest", `web-${at(1)}`, `web-${at(3)}`, `web-${at(4)}`]);
  });

  it("leaves the evidence of an image that is in use", async () => {
    const root = await nameOf(3);
    const before = readdirSync(join(root, "web"));
    assert.deepEqual(await pruneBuilds(root, "web", 1, () => Promise.resolve(false)), []);
    assert.deepEqual(readdirSync(join(root, "web")), before);
  });

  it("touches neither other artifacts nor files that are no build's, in a folder with a similar name", async () => {
    const root = await nameOf(2);
    await putBuild(root, "web-app", at(1));
    await putBuild(root, "web-app", at(2));
    writeFileSync(join(root, "web", "notes.txt"), "mine");
    await pruneBuilds(root, "web", 1, yes);
    assert.equal(readdirSync(join(root, "web-app")).length, 4);
    assert.ok(readdirSync(join(root, "web")).includes("notes.txt"));
  });

  it("stops at an engine that can't tell, and finds the build again afterwards", async () => {
    const root = await nameOf(3);
    const no = (): Promise<boolean> => Promise.reject(new Error("no engine"));
    await assert.rejects(pruneBuilds(root, "web", 1, no), /no engine/);
    assert.deepEqual(await pruneBuilds(root, "web", 1, yes), [at(1), at(2)]);
  });

  it("counts as kept what can't be told", async function () {
    const root = await nameOf(2);
    // A name that leads in a circle can't be looked up: neither there nor not there.
    symlinkSync(`web-${at(1)}.keep`, buildPaths(root, "web", at(1)).keep);
    assert.deepEqual(await pruneBuilds(root, "web", 1, yes), []);
  });

  it("is resumed where it was cut: the lock goes last", async () => {
    const root = await nameOf(2);
    const { directory, record } = buildPaths(root, "web", at(1));
    // A directory can't be removed like a file: the removal ends in the middle.
    rmSync(record);
    mkdirSync(record);
    await assert.rejects(pruneBuilds(root, "web", 1, yes));
    assert.ok(readdirSync(directory).includes(`web-${at(1)}.lock`));
    rmSync(record, { recursive: true });
    assert.deepEqual(await pruneBuilds(root, "web", 1, yes), [at(1)]);
  });

  it("does nothing without a store", async () =>
    assert.deepEqual(await pruneBuilds(join(scratch(), "none"), "web", 1, yes), []));
});
