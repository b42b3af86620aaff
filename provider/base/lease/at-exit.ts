import { readFileSync, rmSync } from "node:fs";
import { parseHolder } from "./holder";
import type { Holder } from "./holder-words";

/** Tokens of this process's holds, by file. */
const held = new Map<string, string>();
let armed = false;

/**
 * Takes one's own hold away when this process exits with it, as it does when work has taken too long to clean up after
 * itself. Whoever is killed leaves the hold, and the next one replaces it.
 */
export function letGoAtExit(file: string, { token }: Holder): void {
  if (!armed) process.once("exit", letGoOfAll);
  armed = true;
  held.set(file, token);
}

/** It is gone before. */
export function forgetAtExit(file: string, { token }: Holder): void {
  if (held.get(file) === token) held.delete(file);
}

/** Nothing but synchronous work is done at that time. */
function letGoOfAll(): void {
  for (const [file, token] of held) {
    try {
      if (parseHolder(readFileSync(file, "utf8"))?.token === token) rmSync(file, { force: true });
    } catch {
      // It is gone, or stays for the next one to replace.
    }
  }
}
