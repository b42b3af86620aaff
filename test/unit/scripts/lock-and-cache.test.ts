import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { until } from "../../support/until";
import * as cache from "../../../scripts/setup/cache.mjs";
import * as lock from "../../../scripts/setup/lock.mjs";
import { ownFolder } from "../../support/own-folder";

/** No process has this id: it is above the largest that Linux gives out. */
const NOBODY = 2 ** 22 + 1;

describe("scripts: lock and cache", () => {
  const { signal } = new AbortController();
  const at = ownFolder();

  it("takes a lock for stale when its holder is dead here or silent anywhere", () => {
    const here = { host: "h", isAlive: (pid: number) => pid === 1 };
    assert.equal(lock.isStale({ pid: 1, host: "h", silence: 0 }, here), false);
    assert.equal(lock.isStale({ pid: 2, host: "h", silence: 0 }, here), true);
    assert.equal(lock.isStale({ pid: 2, host: "other", silence: 0 }, here), false);
    assert.equal(lock.isStale({ pid: 1, host: "h", silence: 61_000 }, here), true);
    assert.equal(lock.isStale({ pid: 2, host: "other", silence: 61_000 }, here), true);
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
    const options = { signal, pause: 5, say: () => void waits++ };
    await Promise.all([1, 2, 3].map(() => lock.withLock(at("l"), options, work)));
    assert.equal(most, 1);
    assert.equal(waits, 2);
    assert.deepEqual(readdirSync(at()), []);
  });

  it("takes over the lock of a dead process, and frees its own when the work fails", async () => {
    const file = at("l");
    writeFileSync(file, JSON.stringify({ pid: NOBODY, host: hostname(), token: "t" }));
    const options = { signal, say: () => assert.fail("nobody is waited for") };
    const work = () => Promise.reject(new Error("no"));
    await assert.rejects(lock.withLock(file, options, work), /^Error: no$/);
    assert.deepEqual(readdirSync(at()), []);
  });

  it("makes a folder of the cache once, whole or not at all", async () => {
    let times = 0;
    const make = (folder: string): Promise<void> => {
      times++;
      writeFileSync(join(folder, "tool"), "x");
      return times === 1 ? Promise.reject(new Error("broken off")) : Promise.resolve();
    };
    await assert.rejects(cache.makeOnce(at(), "tool/1.0", make), /broken off/);
    assert.equal(existsSync(at("tool")), false);
    assert.deepEqual(readdirSync(at("tmp")), []);
    await cache.makeOnce(at(), "tool/1.0", make);
    await cache.makeOnce(at(), "tool/1.0", make);
    assert.equal(times, 2);
    assert.equal(readFileSync(at("tool/1.0/tool"), "utf8"), "x");
    assert.deepEqual(readdirSync(at("tmp")), []);
  });

  it("waits for a lock that is just being written, and goes when the set-up is stopped", async () => {
    writeFileSync(at("l"), "");
    const controller = new AbortController();
    const say = (): void => controller.abort();
    const waiting = lock.withLock(at("l"), { signal: controller.signal, pause: 5, say }, () =>
      assert.fail("the lock is held"),
    );
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("follows the XDG rules for its place", () => {
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "/c" }, "/h"), "/c/pulumi-verified-images");
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "relative" }, "/h"), "/h/.cache/pulumi-verified-images");
    assert.equal(cache.cacheFolder({ XDG_CACHE_HOME: "" }, "/h"), "/h/.cache/pulumi-verified-images");
  });

  it("says what to do when the cache folder can't be written", () => {
    writeFileSync(at("file"), "");
    assert.throws(
      () => cache.prepareCache(at("file", "cache")),
      /The cache folder .*\/file\/cache cannot be written \(ENOTDIR\): make it writable, or set XDG_CACHE_HOME/,
    );
  });
});
