import type { Unpinned } from "../../packages/lock/types";

/** How many steps are listed; the others are only counted. The output `unpinned` lists all. */
const NAMED = 5;
/** How many characters of a step's text are shown. */
const TEXT_CHARACTERS = 80;

/**
 * A warning about the steps that can't be pinned: how many there are, and the first ones by line and kind. Null when there
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
