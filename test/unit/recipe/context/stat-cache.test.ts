import assert from "node:assert/strict";
import { lstatSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../../../../provider/recipe/context/content";
import { hashContext } from "../../../../provider/recipe/context/hash";
import {
  type CachedContent,
  factsOf,
  recall,
  remember,
} from "../../../../provider/recipe/context/stat-cache";
import { newTree, removeTrees } from "./tree";

const FALSE_HASH = "0".repeat(64);

describe("the stat cache", () => {
  afterEach(removeTrees);

  it("spares reading a file whose facts are the same, and only then", async () => {
    const context = newTree({ a: "1" });
    const path = join(context, "a");
    const cache = new Map<string, CachedContent>();
    const hash = async (): Promise<string> =>
      (await hashContext({ context, recipe: "none", exclude: [], cache })).hash;
    const truth = await hash();
    cache.set(path, { facts: factsOf(lstatSync(path, { bigint: true })), sha256: FALSE_HASH });
    assert.notEqual(await hash(), truth);
    utimesSync(path, 1, 1);
    assert.equal(await hash(), truth);
  });

  it("remembers a file only once it has been left alone for two seconds", () => {
    const stats = lstatSync(join(newTree({ a: "1" }), "a"), { bigint: true });
    const cache = new Map<string, CachedContent>();
    remember(cache, "a", stats, FALSE_HASH, Number(stats.ctimeMs) + 1_999);
    assert.equal(cache.size, 0);
    remember(cache, "a", stats, FALSE_HASH, Number(stats.ctimeMs) + 2_000);
    assert.equal(recall(cache, "a", stats), FALSE_HASH);
  });

  it("doesn't believe what is no hash", () => {
    const stats = lstatSync(newTree({}), { bigint: true });
    assert.equal(recall(new Map([["a", { facts: factsOf(stats), sha256: "x" }]]), "a", stats), null);
    assert.equal(recall(undefined, "a", stats), null);
  });
});

describe("contentHash", () => {
  afterEach(removeTrees);

  it("refuses a file that isn't what it was when it was found", async () => {
    const path = join(newTree({ a: "1" }), "a");
    const stats = lstatSync(path, { bigint: true });
    writeFileSync(path, "22");
    await assert.rejects(contentHash(Buffer.from(path), stats), { code: "context-changed", path });
  });

  it("refuses a link that took a file's place, and a file that is gone", async () => {
    const context = newTree({ a: "1", b: "-> a" });
    const stats = lstatSync(join(context, "a"), { bigint: true });
    for (const name of ["b", "c"]) {
      await assert.rejects(contentHash(Buffer.from(join(context, name)), stats), { code: "context-changed" });
    }
  });
});
