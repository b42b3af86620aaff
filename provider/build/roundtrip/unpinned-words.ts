import type { Unpinned } from "../../packages/lock/types";
import { isPerhaps } from "../../recipe/dockerfile/unpinned";

/** How many steps are listed; the others are only counted. The output `unpinned` lists all. */
const NAMED = 5;
/** How many characters of a step's text are shown. */
const TEXT_CHARACTERS = 80;

/** What to do about such steps. */
const FIXED = "Let each of them fetch something fixed: a version, a commit, a checksum.";

const withTodo = (list: string | null): string | null => (list === null ? null : `${list}\n  ${FIXED}`);

/** A warning about the steps that can't be pinned, and what to do. Null when there are none. */
export function unpinnedWarning(unpinned: readonly Unpinned[]): string | null {
  return withTodo(unpinnedList(unpinned));
}

/**
 * The steps that can't be pinned: how many there are, and the first ones by line and kind. Null when there are none. Steps
 * that may not run are left out.
 */
export function unpinnedList(unpinned: readonly Unpinned[]): string | null {
  const steps = unpinned.filter((step) => !isPerhaps(step));
  const [s, es] = steps.length === 1 ? ["", "es"] : ["s", ""];
  return listed(`${steps.length} step${s} of the recipe can't be pinned, or go${es} past the pins:`, steps);
}

/** A warning about the steps that may not run, for the build that reads the recipe. Null when there are none. */
export function perhapsWarning(unpinned: readonly Unpinned[]): string | null {
  const steps = unpinned.filter(isPerhaps);
  const [s, is, it] = steps.length === 1 ? ["", "is", "it"] : ["s", "are", "they"];
  const head = `${steps.length} step${s} of the recipe ${is} in a branch of the shell. If ${it} run${it === "it" ? "s" : ""}, nothing pins what ${it} fetch${it === "it" ? "es" : ""}:`;
  return withTodo(listed(head, steps));
}

function listed(head: string, steps: readonly Unpinned[]): string | null {
  if (steps.length === 0) return null;
  const lines = steps
    .slice(0, NAMED)
    .map(({ line, kind, text }) => `  line ${line}, ${kind}: ${shortened(text)}`);
  const rest =
    steps.length > NAMED ? [`  +${steps.length - NAMED} more, in the output unpinned and in the lock`] : [];
  return [head, ...lines, ...rest].join("\n");
}

function shortened(text: string): string {
  const safe = text.replace(/\p{C}/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ""}}`);
  const characters = Array.from(safe);
  return characters.length > TEXT_CHARACTERS ? `${characters.slice(0, TEXT_CHARACTERS).join("")}...` : safe;
}
