import { signsEscaped } from "./ignore-syntax";

/** One element of an expression: a character or a set, or any number of them; or any number of directories. */
export type Element = { one: string } | { many: string } | "directories";

/** Any number of directories, also none. */
const DIRECTORIES = "(?:.*/)?";
/** Signs that stand alone only where a wildcard has ended a set before its own end. */
const SIGNS: ReadonlySet<string> = new Set("+(){}|^*");

/** A pattern that Docker takes for a regular expression of its own. */
export class OddPatternError extends Error {}

/**
 * A pattern as the elements of a regular expression. It is translated character by character, as Docker does
 * (patternmatcher in moby). Docker does not treat sets specially, so a star in a set is a star too.
 *
 * @throws {OddPatternError} when more comes out of that than characters, sets and wildcards
 * @throws {SyntaxError} when no expression comes out of it
 */
export function elementsOf(pattern: string): Element[] {
  const source = translated(pattern);
  const elements: Element[] = [];
  for (let at = 0; at < source.length;) {
    if (source.startsWith(DIRECTORIES, at)) {
      elements.push("directories");
      at += DIRECTORIES.length;
      continue;
    }
    const end = atomEnd(source, at);
    const atom = source.slice(at, end);
    if (SIGNS.has(atom)) {
      throw new OddPatternError(
        `in ${JSON.stringify(pattern)} a wildcard stands between [ and ], and ${atom} comes after it`,
      );
    }
    const isMany = source[end] === "*";
    elements.push(isMany ? { many: atom } : { one: atom });
    at = isMany ? end + 1 : end;
  }
  new RegExp(sourceOf(elements));
  return elements;
}

function translated(pattern: string): string {
  const text = signsEscaped(pattern);
  return text.replace(/\\.|\*\*\/?|[*?.$]/gsu, (found, at: number) => {
    if (found.startsWith("**")) return at + found.length === text.length ? "[^]*" : DIRECTORIES;
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    return found.length > 1 ? found : `\\${found}`;
  });
}

/** Where one character, one escaped character or one set ends. */
function atomEnd(source: string, at: number): number {
  if (source[at] === "\\") return at + 2;
  if (source[at] !== "[") return at + 1;
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === "\\") end++;
    else if (source[end] === "]") return end + 1;
  }
  throw new SyntaxError(`${source} has a set that does not end`);
}

/** Elements as the source of a regular expression. */
export function sourceOf(elements: readonly Element[]): string {
  return elements
    .map((element) => {
      if (element === "directories") return DIRECTORIES;
      return "one" in element ? element.one : `${element.many}*`;
    })
    .join("");
}
