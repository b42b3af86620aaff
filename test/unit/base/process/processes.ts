import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** True for a process that runs; a zombie that nobody has waited for is dead all the same. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Waits until a file holds a process ID, and returns it. */
export async function pidIn(file: string): Promise<number> {
  for (let tries = 0; tries < 1200; tries++) {
    const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
    if (text !== "") return Number(text);
    await sleep(25);
  }
  throw new Error(`nobody wrote ${file}`);
}

/** Waits until a process is gone; one that stays is an error. */
export async function ends(pid: number): Promise<void> {
  for (let tries = 0; alive(pid) && tries < 1200; tries++) await sleep(25);
  assert.ok(!alive(pid), `process ${pid} still runs`);
}
