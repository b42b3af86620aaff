import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPaths, SUFFIXES } from "../../../provider/store/paths";
import { choosePruned, pruneBuilds } from "../../../provider/store/prune";
import { at, putBuild, removeScratch, scratch } from "./scratch";

const yes = (): Promise<boolean> => Promise.resolve(true);

describe("store: which builds are pruned", () => {
  const builds = [1, 2, 3, 4].map((second) => ({ timestamp: at(second), kept: second === 2 }));

  it("all but the newest, the latest and the kept ones", () => {
    assert.deepEqual(choosePruned(builds, 1, at(4)), [at(1), at(3)]);
    assert.deepEqual(choosePruned(builds, 1, at(1)), [at(3)]);
    assert.deepEqual(choosePruned(builds, 2, null), [at(1)]);
    assert.deepEqual(choosePruned(builds, 1, at(4), new Set([at(1)])), [at(3)]);
  });

  it("none when there are not more than are retained", () => {
    for (const retain of [4, 5, 1000, Infinity]) assert.deepEqual(choosePruned(builds, retain, null), []);
    assert.deepEqual(choosePruned([], 1, null), []);
  });
});

describe("store: prune", () => {
  after(removeScratch);

  async function nameOf(count: number): Promise<string> {
    const root = scratch();
    for (let second = 1; second <= count; second++) {
      const { directory, stem } = await putBuild(root, "web", at(second), { latest: second === count });
      for (const suffix of SUFFIXES) {
        if (![".keep", ".lock", ".build.json"].includes(suffix))
          writeFileSync(join(directory, stem + suffix), "");
      }
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
    assert.deepEqual(gone, [at(2)]);
    assert.deepEqual(asked, [`web:${at(2)}`]);
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
    await assert.rejects(
      pruneBuilds(root, "web", 1, () => Promise.reject(new Error("no engine"))),
      /no engine/,
    );
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
