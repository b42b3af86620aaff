import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoppedError } from "./failure.mjs";

const BEAT = 10_000;
const SILENCE = 60_000;

/**
 * Whether a lock's holder is gone: it died on this host, or nothing was heard of it for a minute (a holder shows
 * that it is alive every 10 seconds; that also covers other hosts and reused process ids).
 * @param {{pid: number, host: string}} owner
 * @param {number} silence milliseconds since the last sign of life
 * @param {{host: string, isAlive: (pid: number) => boolean}} here
 */
export function isStale(owner, silence, here) {
  return silence > SILENCE || (owner.host === here.host && !here.isAlive(owner.pid));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The owner of a lock and how long it has been silent; null when the lock has just gone. @param {string} folder */
function readOwner(folder) {
  try {
    const file = join(folder, "owner.json");
    return { ...JSON.parse(readFileSync(file, "utf8")), silence: Date.now() - statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** Takes the lock by renaming a folder that already names its owner: there is no moment without one. */
function take(folder) {
  const token = randomUUID();
  const offer = `${folder}.${token}`;
  mkdirSync(offer, { recursive: true });
  writeFileSync(join(offer, "owner.json"), JSON.stringify({ pid: process.pid, host: hostname(), token }));
  try {
    renameSync(offer, folder);
    return token;
  } catch (error) {
    rmSync(offer, { recursive: true, force: true });
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return null;
    throw error;
  }
}

/** Removes a lock only if it is still the one with this token. @param {string} folder @param {string} token */
function remove(folder, token) {
  if (readOwner(folder)?.token !== token) return;
  const trash = `${folder}.gone.${randomUUID()}`;
  try {
    renameSync(folder, trash);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  rmSync(trash, { recursive: true, force: true });
}

/** A lock that was taken over in the meantime (this process slept for long) needs no sign of life from us. */
function showLife(folder) {
  const now = new Date();
  try {
    utimesSync(join(folder, "owner.json"), now, now);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/**
 * Does some work while no other process that uses the same lock does. Locks of dead processes are taken over.
 * @template T
 * @param {string} folder the lock: a folder that exists while the lock is held
 * @param {() => Promise<T>} work
 * @param {{signal?: AbortSignal, onWait?: (pid: number) => void, pause?: number}} [options] onWait is called once
 *   when somebody else holds the lock; pause: milliseconds between looks (200)
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, options = {}) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  let token = take(folder);
  while (token === null) {
    if (options.signal?.aborted) throw new StoppedError();
    const owner = readOwner(folder);
    if (owner && isStale(owner, owner.silence, { host: hostname(), isAlive })) {
      remove(folder, owner.token);
    } else if (owner) {
      if (!told) options.onWait?.(owner.pid);
      told = true;
      await sleep(options.pause ?? 200);
    }
    token = take(folder);
  }
  const beat = setInterval(() => showLife(folder), BEAT);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    remove(folder, token);
  }
}
