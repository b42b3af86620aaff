import type { LockMeaning } from "./meaning";
import type { PackageName } from "./release";

/** Which packages of a lock may move: all, or those that are named and those that they force. */
export type Renewal = "all" | readonly PackageName[];

type Usable = Exclude<LockMeaning, { kind: "unusable" }>;

/** What a lock means if it is to be renewed. Pure. */
export function renewed(meaning: Usable, renewal: Renewal | null): Usable {
  if (renewal === null || meaning.kind === "none") return meaning;
  if (renewal === "all") return { kind: "none" };
  return meaning.kind === "changed" ? meaning : { kind: "changed", lock: meaning.lock, changes: [] };
}

/** The packages that are free from the start. */
export const freeFrom = (renewal: Renewal | null): readonly PackageName[] =>
  renewal === null || renewal === "all" ? [] : renewal;
