import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { appendReceipt } from "../../../../provider/promote/receipts/append";
import { historyFile } from "../../../../provider/promote/receipts/read-history";
import { pruneStore } from "../../../../provider/build/roundtrip/housekeeping";
import { StoreError } from "../../../../provider/base/errors/store-error";
import { nextSequence } from "../../../../provider/store/build-order";
import { forgetHolder, moveHold } from "../../../../provider/store/holders";
import { imageOf, memoryEngine, type MemoryEngine } from "../../promote/gate/memory-engine";
import { factsWith } from "../../promote/receipts/facts";
import { at, id, putBuild, recordOf, scratch } from "../../store/scratch";

const LETTERS = ["1", "2", "3", "4", "5"];

describe("pruning an artifact whose builds were promoted", () => {
  let root: string;
  let engine: MemoryEngine;
  const prune = (): Promise<string[]> => pruneStore(engine, { root, name: "web", retain: 1 });
  const promote = (letter: string): Promise<string[]> =>
    appendReceipt(root, factsWith({ imageId: id(letter) }));

  beforeEach(async () => {
    root = scratch();
    const images = LETTERS.map((letter) => imageOf(id(letter)));
    const tags = images.map((image, index) => [`web:${at(index + 1)}`, image.id]);
    engine = memoryEngine(images, Object.fromEntries(tags) as Record<string, string>);
    engine.remove = (reference) => Promise.resolve(void engine.tags.delete(reference));
    const here = { ...recordOf().engine, id: (await engine.identity()).id };
    for (const [index, letter] of LETTERS.entries())
      await putBuild(root, "web", at(index + 1), { imageId: id(letter), record: { engine: here } });
  });

  it("keeps what each target names and named before, and nothing else", async () => {
    for (const letter of ["1", "2", "3"]) await promote(letter);
    assert.deepEqual(await prune(), [at(1), at(4)]);
  });

  it("removes all old ones where nothing was promoted", async () =>
    assert.deepEqual(await prune(), [at(1), at(2), at(3), at(4)]));

  it("keeps what a Pulumi state has, until it has another build", async () => {
    const hold = (urn: string, before: string | null, now: string | null): Promise<void> =>
      moveHold(root, "web", urn, { before, now });
    await hold("urn:one", null, at(1));
    await hold("urn:one", at(1), at(1));
    await hold("urn:two", null, at(1));
    await hold("urn:two", at(1), at(2));
    assert.deepEqual(await prune(), [at(3), at(4)]);
    await hold("urn:one", null, at(1));
    await hold("urn:one", at(1), at(5));
    assert.deepEqual(await prune(), [], "another state has a resource of the same URN");
    await hold("urn:one", at(1), null);
    assert.deepEqual(await prune(), [at(1)]);
    await forgetHolder(root, "web", "urn:two");
    assert.deepEqual(await prune(), [at(2)]);
  });

  it("lets go of what a Pulumi state has where its image is gone", async () => {
    await moveHold(root, "web", "urn:one", { before: null, now: at(1) });
    engine.tags.delete(`web:${at(1)}`);
    engine.images.delete(id("1"));
    assert.deepEqual(await prune(), [at(1), at(2), at(3), at(4)]);
  });

  it("goes by the order of the builds, not by the clock", async () => {
    const here = { ...recordOf().engine, id: (await engine.identity()).id };
    assert.equal(await nextSequence(root, "web"), 1, "builds of older versions have no number");
    for (const [index, second] of [3, 5, 1].entries()) {
      const record = { engine: here, sequence: index + 1 };
      const facts = { imageId: id(String(second)), latest: second === 1, record };
      await putBuild(root, "web", at(second), facts);
    }
    assert.equal(await nextSequence(root, "web"), 4);
    assert.deepEqual(await pruneStore(engine, { root, name: "web", retain: 2 }), [at(2), at(4), at(3)]);
  });

  it("keeps the evidence of an image that is not there where another machine has the engine's ID", async () => {
    const identity = await engine.identity();
    engine.identity = () => Promise.resolve({ ...identity, machine: "clone" });
    for (const [index, machine] of ["first", "clone"].entries()) {
      const second = index + 1;
      const record = { engine: { ...recordOf().engine, id: identity.id, machine } };
      await putBuild(root, "web", at(second), { imageId: id(String(second)), record });
      engine.tags.delete(`web:${at(second)}`);
      engine.images.delete(id(String(second)));
    }
    assert.deepEqual(await prune(), [at(2), at(3), at(4)]);
  });

  it("prunes SIF images without Docker, by the same rules, and leaves Docker's own where it is not asked", async () => {
    engine.identity = () => Promise.reject(new Error("Docker was asked"));
    const sif = { ...recordOf().engine, id: "apptainer", kind: "apptainer" as const };
    for (const second of [1, 2, 3])
      await putBuild(root, "web", at(second), { imageId: id(String(second)), record: { engine: sif } });
    await promote("1");
    await moveHold(root, "web", "urn:one", { before: null, now: at(2) });
    await assert.rejects(prune(), /Docker was asked/);
    assert.deepEqual(await pruneStore(null, { root, name: "web", retain: 1 }), []);
    await putBuild(root, "web", at(4), { imageId: id("4"), record: { engine: sif } });
    await forgetHolder(root, "web", "urn:one");
    assert.deepEqual(await prune(), [at(2), at(4)]);
  });

  it("removes nothing where the history can't be read, and nothing that a broken line mentions", async () => {
    mkdirSync(historyFile(root));
    await assert.rejects(prune(), StoreError);
    rmSync(historyFile(root), { recursive: true });
    appendFileSync(historyFile(root), `damaged ${id("2")}\n`);
    assert.deepEqual(await prune(), [at(1), at(3), at(4)]);
  });
});
