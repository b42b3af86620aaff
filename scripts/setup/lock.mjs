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

/** Who holds a lock, or null when it has just gone. A file that is being written names nobody yet. @param {string} file */
function readOwner(file) {
  const facts = statSync(file, { throwIfNoEntry: false });
  const { pid, host, token } = parseObject(readText(file) ?? "");
  if (!facts) return null;
  return { pid: Number(pid), host: String(host), token: String(token), silence: Date.now() - facts.mtimeMs };
}

/** Whether the lock was free, and is ours now. @param {string} file @param {string} token */
function take(file, token) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), token }), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes a lock only if it is still the one with this token. @param {string} file @param {string} token */
function remove(file, token) {
  if (readOwner(file)?.token === token) rmSync(file, { force: true });
}

/**
 * Does some work while no other process that uses the same lock does. Locks of dead processes are taken over.
 * @template T
 * @param {string} file exists while the lock is held
 * @param {{signal: AbortSignal, say: (text: string) => void, pause?: number}} options pause: milliseconds between looks
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { signal, say, pause = 200 }, work) {
  mkdirSync(dirname(file), { recursive: true });
  const token = randomUUID();
  for (let told = false; !take(file, token);) {
    signal.throwIfAborted();
    const owner = readOwner(file);
    if (owner && isStale(owner)) remove(file, owner.token);
    else {
      if (owner && !told) say(`for the set-up of process ${owner.pid}`);
      told ||= owner !== null;
      await sleep(pause);
    }
  }
  const beat = setInterval(() => {
    // A lock that was taken over while this process slept needs no sign of life from it.
    if (readOwner(file)?.token === token) utimesSync(file, new Date(), new Date());
  }, BEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    remove(file, token);
  }
}
