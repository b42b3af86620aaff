import { posix } from "node:path";

export interface IgnoreRule {
  /** Relative to the context's root, cleaned like Go's filepath.Clean, without a leading slash. */
  pattern: string;
  /** True for a line with `!`: what it matches is back in the context. */
  negative: boolean;
  /** Number of the line, from 1, for messages. */
  line: number;
}

/**
 * The rules of a .dockerignore file, in order, read as Docker does:
 * - A byte order mark is removed. Lines that start with `#` are comments. Space around a pattern is removed.
 * - `!` negates. For Docker it also does after a slash: `/!x`.
 * - `.` and `..` are resolved. Slashes before and after a pattern are removed.
 *
 * Patterns that can't match anything inside the context (`.`, `/`, `../x`) are left out.
 *
 * @throws {SyntaxError} that names the line, for a pattern that Docker refuses too
 */
export function ignoreRules(text: string): IgnoreRule[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .flatMap((content, at) => ruleOf(content, at + 1));
}

/** The longest line that Docker reads, in bytes. */
const LONGEST_LINE = 65_535;

function ruleOf(content: string, line: number): IgnoreRule[] {
  const bytes = Buffer.byteLength(content);
  if (bytes > LONGEST_LINE)
    throw new SyntaxError(`line ${line} has ${bytes} bytes; it reads at most ${LONGEST_LINE}`);
  const trimmed = content.trim();
  if (content.startsWith("#") || trimmed === "") return [];
  const marked = trimmed.startsWith("!");
  const cleaned = clean(marked ? trimmed.slice(1).trim() : trimmed).trim();
  const negative = marked || cleaned.startsWith("!");
  const pattern = !marked && negative ? cleaned.slice(1) : cleaned;
  if (pattern === "") throw new SyntaxError(`line ${line}: "!" stands alone`);
  const problem = syntaxProblem(pattern);
  if (problem !== null) throw new SyntaxError(`line ${line}: ${JSON.stringify(trimmed)} ${problem}`);
  const matchesNothing = [".", "/", ".."].includes(pattern) || pattern.startsWith("../");
  return matchesNothing ? [] : [{ pattern: suffixSpeltOut(lettersPlain(pattern)), negative, line }];
}

/** What means something in a regular expression, and nothing in a pattern. */
const SIGNS: ReadonlySet<string> = new Set("+(){}|^");

/**
 * Puts a backslash before signs that have no meaning in a pattern, but have one in regular expressions: `c++`,
 * `file(1)`. Some versions of Docker, and libraries, make regular expressions from patterns without doing this.
 */
export function signsEscaped(pattern: string): string {
  let escaped = "";
  for (let at = 0; at < pattern.length;) {
    const end = pieceEnd(pattern, at);
    const piece = pattern.slice(at, end);
    escaped += SIGNS.has(piece) ? `\\${piece}` : piece;
    at = end;
  }
  return escaped;
}

/** Where the piece of a pattern ends that starts at an index: an escaped character, a set that is closed, one character. */
function pieceEnd(pattern: string, at: number): number {
  if (pattern[at] === "\\") return Math.min(at + 2, pattern.length);
  const close = pattern[at] === "[" ? pattern.indexOf("]", at + 1) : -1;
  return close > at + 1 ? close + 1 : at + 1;
}

/** The shortest form of a pattern, like Go's filepath.Clean, and without the slash in front. */
function clean(written: string): string {
  if (written === "") return "";
  return posix
    .normalize(written)
    .replace(/(.)\/$/, "$1")
    .replace(/^\/(?=.)/, "");
}

/**
 * Takes the backslash away from letters and digits. It says nothing there (Go's filepath.Match), but Docker makes a
 * regular expression of the pattern, in which `\b` and `\d` mean something else.
 */
function lettersPlain(pattern: string): string {
  return pattern.replace(/\\(.)/gsu, (found, char: string) =>
    /[A-Za-z0-9\u{80}-\u{10ffff}]/u.test(char) ? char : found,
  );
}

/**
 * Rewrites patterns such as `**.md`. Newer versions of Docker take it for "ends in .md", older ones for "is called
 * .md". It is written in a form that all versions take for the newer meaning.
 */
function suffixSpeltOut(pattern: string): string {
  return pattern.replace(/^\*\*(?=[^/*?[\]\\][^*?[\]\\]*$)/su, "**/*");
}

/** What Go's filepath.Match would find wrong with a pattern; null if nothing. */
function syntaxProblem(pattern: string): string | null {
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) return "ends in a backslash that escapes nothing";
  const withoutEscapes = pattern.replace(/\\./gsu, "_");
  for (let at = withoutEscapes.indexOf("["); at >= 0; at = withoutEscapes.indexOf("[", at + 1)) {
    const set = /^\[(?:\^[^\]]+|[^\]^][^\]]*)\]/su.exec(withoutEscapes.slice(at));
    if (set === null) return "has a [ that doesn't begin a set such as [a-z]";
    at += set[0].length - 1;
  }
  return null;
}
