import type { Unpinned } from "../../packages/lock/types";

/** Steps that are named before the rest is only counted; the output `unpinned` has them all. */
const NAMED = 5;
/** Characters of a step's own text. */
const TEXT_CHARACTERS = 80;

/**
 * What is said of the steps that no pin reaches: how many, and the first ones by line and kind. Null when there
 * are none.
 */
export function unpinnedWarning(unpinned: readonly Unpinned[]): string | null {
  const count = unpinned.length;
  if (count === 0) return null;
  const head = `${count} step${count === 1 ? "" : "s"} of the recipe can't be pinned, or go${count === 1 ? "es" : ""} past the pins:`;
  const lines = unpinned
    .slice(0, NAMED)
    .map(({ line, kind, text }) => `  line ${line}, ${kind}: ${shortened(text)}`);
  const rest = count > NAMED ? [`  +${count - NAMED} more, in the output unpinned and in the lock`] : [];
  return [head, ...lines, ...rest].join("\n");
}

function shortened(text: string): string {
  const safe = text.replace(/\p{C}/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`);
  const characters = Array.from(safe);
  return characters.length > TEXT_CHARACTERS ? `${characters.slice(0, TEXT_CHARACTERS).join("")}...` : safe;
}
