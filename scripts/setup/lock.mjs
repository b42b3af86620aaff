import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, parseObject, readText } from "./files.mjs";

const BEAT = 10_000;
const SILENCE = 60_000;

/**
 * Whether a lock's holder is gone: it died on this host, or nothing was heard of it for a minute (a holder shows
 * that it is alive every 10 seconds; that also covers other hosts and reused process ids).
 * @param {{pid: number, host: string, silence: number}} owner silence: milliseconds since the last sign of life
 */
export function isStale({ pid, host, silence }, here = { host: hostname(), isAlive }) {
  return silence > SILENCE || (host === here.host && !here.isAlive(pid));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Whether the lock was free, and is this one now. @param {string} file @param {string} lock */
function take(file, lock) {
  try {
    writeFileSync(file, lock, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Does some work while no other process that uses the same lock does. Locks of dead processes are taken over.
 * @template T
 * @param {string} file exists while the lock is held
 * @param {{signal: AbortSignal, say: Say, pause?: number}} options pause: milliseconds between looks
 * @param {() => Promise<T>} work
 */
export async function withLock(file, { signal, say, pause = 200 }, work) {
  mkdirSync(dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  // Another process may have taken it over in the meantime.
  const remove = (/** @type {string} */ lock) => readText(file) === lock && rmSync(file, { force: true });
  for (let told = false; !take(file, own);) {
    signal.throwIfAborted();
    // One that is just being written has no text yet, one that has just gone has none at all.
    const lock = readText(file);
    if (lock === null) continue;
    const { pid, host } = parseObject(lock);
    const silence = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (isStale({ pid: Number(pid), host: String(host), silence })) remove(lock);
    else {
      if (!told) say(`for the set-up of process ${Number(pid)}`);
      told = true;
      await sleep(pause);
    }
  }
  // A lock that was taken over while this process slept needs no sign of life from it.
  const beat = () => readText(file) === own && utimesSync(file, new Date(), new Date());
  const beating = setInterval(beat, BEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(beating);
    remove(own);
  }
}
