import type { Want } from "./detector";
import { quoted } from "./errors";

/** What was read of one file. */
export type Result<T> = { kind: string; value: T } | { kind: string; problem: string };

/** All that one detector has read, by path. */
export interface Results<T> {
  wanted: Map<string, Result<T>>;
  /** Files that are wanted if a symbolic link gives them another name. */
  candidates: Map<string, Result<T>>;
  /** Files that are read only because a hard link may point to them. */
  sources: Map<string, Result<T>>;
}

/** The result for a link: that of its target, if it is of the same kind. */
export function takeOver<T>(all: Results<T>, want: Want, target: string, how: string): Result<T> {
  for (const results of [all.wanted, all.candidates, all.sources]) {
    const found = results.get(target);
    if (found?.kind === want.kind) return found;
  }
  const problem = `is a ${how} link to ${quoted(target)}, which holds nothing that could be read for it`;
  return { kind: want.kind, problem };
}
