import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { appendReceipt } from "../../../../provider/promote/receipts/append";
import { historyFile } from "../../../../provider/promote/receipts/read-history";
import { pruneStore } from "../../../../provider/build/roundtrip/housekeeping";
import { StoreError } from "../../../../provider/base/errors/store-error";
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
    engine = memoryEngine(
      images,
      Object.fromEntries(images.map((image, index) => [`web:${at(index + 1)}`, image.id])),
    );
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

  it("removes nothing where the history can't be read, and nothing that a broken line mentions", async () => {
    mkdirSync(historyFile(root));
    await assert.rejects(prune(), StoreError);
    rmSync(historyFile(root), { recursive: true });
    appendFileSync(historyFile(root), `damaged ${id("2")}\n`);
    assert.deepEqual(await prune(), [at(1), at(3), at(4)]);
  });
});
