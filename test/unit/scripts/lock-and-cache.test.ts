import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/until";
import { load } from "./load";

interface Owner {
  pid: number;
  host: string;
}
interface Lock {
  isStale(owner: Owner, silence: number, here: { host: string; isAlive(pid: number): boolean }): boolean;
  withLock<T>(folder: string, work: () => Promise<T>, options?: object): Promise<T>;
}
interface Cache {
  cacheFolder(env: Record<string, string>, home: string): string;
  prepareCache(folder: string): void;
  makeOnce(wanted: object): Promise<{ folder: string; made: boolean }>;
}

/** No process has this id: it is above the largest that Linux gives out. */
const NOBODY = 2 ** 22 + 1;

describe("scripts: lock and cache", () => {
  let lock: Lock;
  let cache: Cache;
  let mountsBelow: (mounts: string, folder: string) => string[];
  let root: string;
  before(async () => {
    lock = await load("setup/lock.mjs");
    cache = await load("setup/cache.mjs");
    ({ mountsBelow } = await load<{ mountsBelow: typeof mountsBelow }>("setup/discard.mjs"));
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "scripts-lock-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("takes a lock for stale when its holder is dead here or silent anywhere", () => {
    const here = { host: "h", isAlive: (pid: number) => pid === 1 };
    assert.equal(lock.isStale({ pid: 1, host: "h" }, 0, here), false);
    assert.equal(lock.isStale({ pid: 2, host: "h" }, 0, here), true);
    assert.equal(lock.isStale({ pid: 2, host: "other" }, 0, here), false);
    assert.equal(lock.isStale({ pid: 1, host: "h" }, 61_000, here), true);
    assert.equal(lock.isStale({ pid: 2, host: "other" }, 61_000, here), true);
  });

  it("lets one at a time through and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    let waits = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await until("both others to wait", 50_000, () => (waits === 2 ? true : null));
      inside--;
    };
    const options = { pause: 5, onWait: () => waits++ };
    await Promise.all([1, 2, 3].map(() => lock.withLock(join(root, "l"), work, options)));
    assert.equal(most, 1);
    assert.equal(waits, 2);
    assert.deepEqual(readdirSync(root), []);
  });

  it("takes over the lock of a dead process, and frees its own when the work fails", async () => {
    const folder = join(root, "l");
    mkdirSync(folder);
    writeFileSync(join(folder, "owner.json"), JSON.stringify({ pid: NOBODY, host: hostname(), token: "t" }));
    await assert.rejects(
      lock.withLock(folder, () => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.deepEqual(readdirSync(root), []);
  });

  it("makes a folder of the cache once, whole or not at all", async () => {
    cache.prepareCache(root);
    let times = 0;
    const make = async (folder: string) => {
      times++;
      writeFileSync(join(folder, "tool"), "x");
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (times === 1) throw new Error("broken off");
    };
    const wanted = { cache: root, key: "tool/1.0", make };
    await assert.rejects(cache.makeOnce(wanted), /broken off/);
    assert.equal(existsSync(join(root, "tool")), false);
    assert.deepEqual(readdirSync(join(root, "tmp")), []);
    const results = await Promise.all([cache.makeOnce(wanted), cache.makeOnce(wanted)]);
    assert.equal(times, 2);
    assert.deepEqual(results.map((result) => result.made).sort(), [false, true]);
    assert.equal(readFileSync(join(root, "tool/1.0/tool"), "utf8"), "x");
    assert.deepEqual(readdirSync(join(root, "tmp")), []);
  });

  it("follows the XDG rules for its place", () => {
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "/c" }, "/h"), "/c/pulumi-verified-images");
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "relative" }, "/h"), "/h/.cache/pulumi-verified-images");
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "" }, "/h"), "/h/.cache/pulumi-verified-images");
  });

  it("says what to do when the cache folder can't be written", () => {
    writeFileSync(join(root, "file"), "");
    assert.throws(
      () => cache.prepareCache(join(root, "file", "cache")),
      /The cache folder .*\/file\/cache cannot be written \(ENOTDIR\): make it writable, or set XDG_CACHE_HOME/,
    );
  });

  it("finds what is mounted below a folder, deepest first, and nothing beside it", () => {
    const mounts = [
      "overlay / overlay rw 0 0",
      "proc /t/root/proc proc rw 0 0",
      "x /t/root/proc/a\\040b x rw 0 0",
      "y /t/rootless y rw 0 0",
    ];
    assert.deepEqual(mountsBelow(mounts.join("\n"), "/t/root"), ["/t/root/proc/a b", "/t/root/proc"]);
  });
});
