/** One element of a pattern: a character that stands for itself, or one of the two wildcards. */
type Element = { literal: string } | "any" | "one";

/** A pattern as in `${VAR#pattern}`. `*` is any text and `?` one character; neither matches a line break. */
export type ShellPattern = readonly Element[];

/**
 * Reads a pattern as BuildKit does: it knows no `[...]`. A backslash takes the meaning from `*`, `?` and itself; before
 * `}` and `/` it is dropped. Null for a backslash before anything else, which BuildKit refuses.
 */
export function readPattern(text: string): ShellPattern | null {
  const elements: Element[] = [];
  let escaped = false;
  for (const char of text) {
    if (escaped && !["*", "?", "\\", "}", "/"].includes(char)) return null;
    if (!escaped && char === "\\") {
      escaped = true;
      continue;
    }
    elements.push(!escaped && char === "*" ? "any" : !escaped && char === "?" ? "one" : { literal: char });
    escaped = false;
  }
  return escaped ? null : elements;
}

/** `${VAR#pattern}`: the value without the shortest match at its start. `longest`: `${VAR##pattern}`. */
export function withoutPrefix(value: string, pattern: ShellPattern, longest: boolean): string {
  const chars = Array.from(value);
  const [end = -1] = matchEnds(chars, pattern, longest);
  return end < 0 ? value : chars.slice(end).join("");
}

/** `${VAR%pattern}`: the value without the shortest match at its end. `longest`: `${VAR%%pattern}`. */
export function withoutSuffix(value: string, pattern: ShellPattern, longest: boolean): string {
  const backwards = Array.from(value).reverse().join("");
  return Array.from(withoutPrefix(backwards, pattern.toReversed(), longest))
    .reverse()
    .join("");
}

/** `${VAR/pattern/text}`: the value with its first match replaced, as long as possible. `all`: `${VAR//pattern/text}`. */
export function replaced(value: string, pattern: ShellPattern, text: string, all: boolean): string {
  const chars = Array.from(value);
  const ends = matchEnds(chars, pattern, true);
  const pieces: string[] = [];
  let matchedUpTo = -1;
  for (let at = 0; at <= chars.length;) {
    const end = ends[at] ?? -1;
    const found = end > at || (end === at && matchedUpTo !== at);
    if (found) pieces.push(all ? filledIn(text, chars.slice(at, end).join("")) : text);
    if (found && !all) return pieces.concat(chars.slice(end)).join("");
    if (found) matchedUpTo = end;
    if (end > at) at = end;
    else pieces.push(chars[at++] ?? "");
  }
  return pieces.join("");
}

/**
 * The replacement of `//`, which Go's regular expressions take for a template (`Regexp.Expand`): `$0` is the match, any
 * other `$name` is empty, and `$$` is a dollar. Dollars that are still in it come from the value of a variable.
 */
function filledIn(template: string, match: string): string {
  return template.replace(/\$(?:\$|[\p{L}\p{Nd}_]+|\{[\p{L}\p{Nd}_]+\})/gu, (found) => {
    if (found === "$$") return "$";
    return /^\$\{?0\}?$/.test(found) ? match : "";
  });
}

/**
 * Where a match that begins at each index of the value ends; -1 where none begins. It is found from the value's end
 * backwards, in one pass, so the time is the product of both lengths, whatever the pattern.
 */
function matchEnds(chars: readonly string[], pattern: ShellPattern, longest: boolean): number[] {
  const ends: number[] = [];
  let after: number[] = [];
  for (let at = chars.length; at >= 0; at--) {
    const char = chars[at];
    const here: number[] = [];
    here[pattern.length] = at;
    for (let index = pattern.length - 1; index >= 0; index--) {
      const element = pattern[index] as Element;
      const onLine = char !== undefined && char !== "\n";
      if (element === "any") {
        const stops = here[index + 1] as number;
        const goesOn = onLine ? (after[index] as number) : -1;
        here[index] = longest ? (goesOn >= 0 ? goesOn : stops) : stops >= 0 ? stops : goesOn;
      } else {
        const fits = element === "one" ? onLine : char === element.literal;
        here[index] = fits ? (after[index + 1] as number) : -1;
      }
    }
    ends[at] = here[0] as number;
    after = here;
  }
  return ends;
}
