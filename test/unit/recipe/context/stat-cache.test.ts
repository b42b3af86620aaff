import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { withStatCache } from "../../../../provider/recipe/context/cache-file";
import { contentHash } from "../../../../provider/recipe/context/content";
import { hashContext } from "../../../../provider/recipe/context/hash";
import { looker } from "../../../../provider/recipe/context/look";
import { factsOf, recall, remembered } from "../../../../provider/recipe/context/stat-cache";
import { each } from "../../../support/each";
import { newDirectory, newTree, removeTrees } from "./tree";

const FALSE_HASH = "0".repeat(64);
const seenAt = (path: string): { facts: string; touched: number; size: number } => {
  const stats = fs.lstatSync(path, { bigint: true });
  return { facts: factsOf(stats), touched: Number(stats.ctimeMs), size: Number(stats.size) };
};

/** Hashes a context with these hashes of its files in memory. */
async function hashWith(context: string, known: Map<string, string>): Promise<string> {
  const cache = { known, keep: () => undefined };
  return (await hashContext({ context, recipe: "none", exclude: [], cache })).hash;
}

describe("the stat cache", () => {
  afterEach(removeTrees);

  /** Puts the times of the file back that a change has left. */
  const unseen = (path: string, change: () => void): void => {
    const { atime, mtime } = fs.statSync(path);
    change();
    fs.utimesSync(path, atime, mtime);
  };
  const replace = (path: string): void => {
    fs.writeFileSync(`${path}.new`, "2");
    fs.renameSync(`${path}.new`, path);
  };
  each("spares reading a file whose facts are the same, and reads it once %s", [
    ["its content is written again", (path: string) => unseen(path, () => fs.writeFileSync(path, "2"))],
    ["its mode changes", (path: string) => fs.chmodSync(path, 0o600)],
    [
      "another file of its size and time takes its place",
      (path: string) => unseen(path, () => replace(path)),
    ],
    ["its time is set", (path: string) => fs.utimesSync(path, 1, 1)],
  ])(async (_, change) => {
    const context = newTree({ a: "1" });
    const path = join(context, "a");
    const known = new Map([["a", `${seenAt(path).facts} ${FALSE_HASH}`]]);
    assert.notEqual(await hashWith(context, known), await hashWith(context, new Map()), "it was read");
    change(path);
    assert.equal(await hashWith(context, known), await hashWith(context, new Map()), "it was not read");
  });

  it("remembers a file only if it had been left alone for two seconds before it was read", () => {
    const seen = seenAt(join(newTree({ a: "1" }), "a"));
    const hash = Buffer.from(FALSE_HASH, "hex");
    for (const before of [-60_000, 0, 1_999]) {
      assert.equal(remembered(seen, hash, seen.touched + before), null, String(before));
    }
    const text = remembered(seen, hash, seen.touched + 2_000) ?? undefined;
    assert.deepEqual(recall(text, seen.facts), hash);
  });

  it("doesn't believe what is no hash", () => {
    const { facts } = seenAt(newTree({}));
    for (const text of ["x", "x".repeat(64), FALSE_HASH.slice(1), `${FALSE_HASH}0`]) {
      assert.equal(recall(`${facts} ${text}`, facts), null, text);
    }
    assert.equal(recall(undefined, facts), null);
  });
});

describe("withStatCache", () => {
  afterEach(removeTrees);
  const PATH = "odd\n\xe4 name";

  /** So much later that whatever was just written counts as settled. */
  const later = (): number => Date.now() + 10_000;

  type Use<T> = (cache: Parameters<Parameters<typeof withStatCache>[1]>[0]) => T;

  /** Remembers one entry, in a new folder; and answers what is remembered later on. */
  async function place() {
    const folder = join(newDirectory(), "cache");
    const context = newTree({ a: "1" });
    const using = <T>(recipe: string, use: Use<T>): Promise<T> => {
      const where = { context, recipe: join(context, recipe), folder: () => folder };
      return withStatCache(where, (cache) => Promise.resolve(use(cache)));
    };
    const known = (recipe = "Dockerfile") => using(recipe, (cache) => cache?.known.get(PATH));
    const keep = (text: string) => using("Dockerfile", (cache) => cache?.keep(new Map([[PATH, text]])));
    await keep("facts hash");
    const [name = ""] = fs.readdirSync(folder);
    return { file: join(folder, name), folder, context, known, keep };
  }

  it("remembers by context and recipe, where nobody else can read it", async () => {
    const { known, file, folder } = await place();
    assert.equal(await known(), "facts hash");
    assert.equal(await known("other.Dockerfile"), undefined);
    const modes = [file, folder].map((path) => fs.statSync(path).mode & 0o777);
    assert.deepEqual(modes, [0o600, 0o700]);
    assert.equal(fs.readdirSync(folder).length, 1, "no temporary file stays");
  });

  it("spares a second process the reading, from one hash to the next", async () => {
    const context = newTree({ a: "1", "b/c": "2" });
    const folder = join(newDirectory(), "cache");
    const recipe = join(context, "Dockerfile");
    const counts: number[] = [];
    const hash = (): Promise<string> =>
      withStatCache({ context, recipe, folder: () => folder }, async (cache) => {
        counts.push(cache?.known.size ?? -1);
        return (await hashContext({ context, recipe, exclude: [], cache, now: later })).hash;
      });
    const first = await hash();
    assert.equal(await hash(), first);
    fs.writeFileSync(join(context, "a"), "3");
    assert.notEqual(await hash(), first);
    fs.writeFileSync(join(context, "a"), "1");
    assert.equal(await hash(), first);
    assert.deepEqual(counts, [0, 2, 2, 2]);
  });

  const written = (change: (bytes: Buffer) => Buffer | string) => (file: string) =>
    fs.writeFileSync(file, change(fs.readFileSync(file)));
  const turned = (bytes: Buffer): Buffer => {
    const at = bytes.length - 3;
    return Buffer.concat([bytes.subarray(0, at), Buffer.of((bytes[at] ?? 0) ^ 1), bytes.subarray(at + 1)]);
  };
  const older = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString("latin1").replace("cache 1", "cache 0"), "latin1");
  const link = (file: string): void => {
    fs.renameSync(file, `${file}.real`);
    fs.symlinkSync(`${file}.real`, file);
  };
  each("starts from nothing where the file %s, and puts a whole one in its place", [
    ["is cut short", written((bytes) => bytes.subarray(0, -1))],
    ["has one other byte", written(turned)],
    ["is empty", written(() => "")],
    ["is of another version", written(older)],
    ["is a link", link],
    ["can be written by others", (file: string) => fs.chmodSync(file, 0o622)],
  ])(async (_, damage) => {
    const { file, known, keep } = await place();
    damage(file);
    assert.equal(await known(), undefined);
    await keep("new");
    assert.equal(await known(), "new");
    assert.ok(fs.lstatSync(file).isFile());
  });

  each("works without a cache where the folder %s", [
    ["is a link", (folder: string) => fs.symlinkSync(newDirectory(), folder)],
    ["can be written by others", (folder: string) => (fs.mkdirSync(folder), fs.chmodSync(folder, 0o777))],
    ["is a file", (folder: string) => fs.writeFileSync(folder, "")],
  ])(async (_, make) => {
    const folder = join(newDirectory(), "cache");
    make(folder);
    const where = { context: newTree({}), recipe: "x", folder: () => folder };
    assert.equal(await withStatCache(where, (cache) => Promise.resolve(cache)), undefined);
  });

  it("works without a cache where the folder lies in the context, or can't be named", async () => {
    const context = newDirectory();
    const refuse = (): string => {
      throw new Error("no home");
    };
    for (const folder of [() => join(context, "cache"), () => context, refuse]) {
      const where = { context, recipe: "x", folder };
      assert.equal(await withStatCache(where, (cache) => Promise.resolve(cache)), undefined);
    }
  });

  it("keeps one of two that write at once, whole", async () => {
    const { keep, known, folder } = await place();
    await Promise.all(Array.from({ length: 20 }, (_, at) => keep(`text ${at}`)));
    assert.match((await known()) ?? "", /^text \d+$/);
    assert.equal(fs.readdirSync(folder).length, 1);
  });

  it("takes away what nobody has written for a month", async () => {
    const { keep, folder } = await place();
    fs.writeFileSync(join(folder, "old"), "");
    fs.writeFileSync(join(folder, "new"), "");
    fs.utimesSync(join(folder, "old"), 1, 1);
    await keep("new");
    const others = fs.readdirSync(folder).filter((name) => name.length < 10);
    assert.deepEqual(others, ["new"]);
  });

  it("does not hide a failure of the work", async () => {
    const { folder, context } = await place();
    const where = { context, recipe: "x", folder: () => folder };
    const failed = withStatCache(where, () => Promise.reject(new Error("mine")));
    await assert.rejects(failed, /^Error: mine$/);
  });
});

describe("looker", () => {
  afterEach(removeTrees);

  it("finds the same on a file system that is far away, in the same order", async () => {
    const root = newTree(Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`f${at}`, `${at}`])));
    const paths = Array.from({ length: 600 }, (_, at) => Buffer.from(join(root, `f${at}`)));
    paths.splice(300, 0, Buffer.from(join(root, "none")));
    let time = 0;
    const seen = async (look: ReturnType<typeof looker>): Promise<string[]> =>
      (await look.stats(paths)).map((one) => ("ino" in one ? String(one.ino) : String(one)));
    const near = await seen(looker(8, () => 0));
    assert.deepEqual(await seen(looker(8, () => (time += 1))), near);
    assert.equal(new Set(near).size, 601);
    assert.match(near[300] ?? "", /ENOENT/);
  });
});

describe("contentHash", () => {
  afterEach(removeTrees);

  it("refuses a file that isn't what it was when it was found", async () => {
    const path = join(newTree({ a: "1" }), "a");
    const seen = seenAt(path);
    fs.writeFileSync(path, "22");
    await assert.rejects(contentHash(Buffer.from(path), seen), { code: "context-changed", path });
  });

  it("refuses a link that took a file's place, and a file that is gone", async () => {
    const context = newTree({ a: "1", b: "-> a" });
    const seen = seenAt(join(context, "a"));
    for (const name of ["b", "c"]) {
      await assert.rejects(contentHash(Buffer.from(join(context, name)), seen), { code: "context-changed" });
    }
  });
});
