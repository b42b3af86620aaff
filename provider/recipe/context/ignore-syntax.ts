import { posix } from "node:path";

/** One rule of an ignore file. */
export interface IgnoreRule {
  /** Relative to the context's root, cleaned as Go's filepath.Clean does, without leading slash. */
  pattern: string;
  /** True for a `!` line: what it matches is in the context again. */
  negative: boolean;
  /** 1-based, for messages. */
  line: number;
}

/**
 * The rules of a .dockerignore file, in order, read as Docker does: a byte order mark goes, lines that start
 * with `#` are comments, space around a pattern goes, `!` negates (also, as Docker has it, behind a slash: `/!x`),
 * `.` and `..` are resolved, a slash in front or behind means nothing. Patterns that can't match anything inside the context (`.`, `/`, `../x`) are left
 * out.
 *
 * @throws SyntaxError on a pattern that Docker refuses too; its message names the line.
 */
export function ignoreRules(text: string): IgnoreRule[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .flatMap((content, at) => ruleOf(content, at + 1));
}

function ruleOf(content: string, line: number): IgnoreRule[] {
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
  return matchesNothing ? [] : [{ pattern: suffixSpeltOut(pattern), negative, line }];
}

/**
 * The same pattern with a backslash before the signs that mean nothing in it, but something in the regular
 * expressions that Docker (some of them, in some versions) and libraries make of patterns: `c++`, `file(1)`.
 */
export function signsEscaped(pattern: string): string {
  return pattern.replace(/\\.|\[\^?[^\]]+\]|[+(){}|^]/gsu, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
}

/** The shortest form of a pattern, as Go's filepath.Clean has it, and without the slash in front. */
function clean(written: string): string {
  if (written === "") return "";
  return posix
    .normalize(written)
    .replace(/(.)\/$/, "$1")
    .replace(/^\/(?=.)/, "");
}

/**
 * `**.md` means "ends in .md" to newer versions of Docker, and "is called .md" to older ones; the newer meaning
 * is spelt out, so that all read the same.
 */
function suffixSpeltOut(pattern: string): string {
  return pattern.replace(/^\*\*(?=[^/*?[\]\\][^*?[\]\\]*$)/su, "**/*");
}

/** What Go's filepath.Match finds wrong with a pattern, or null. */
function syntaxProblem(pattern: string): string | null {
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) return "ends in a backslash that escapes nothing";
  const withoutEscapes = pattern.replace(/\\./gsu, "_");
  for (let at = withoutEscapes.indexOf("["); at >= 0; at = withoutEscapes.indexOf("[", at + 1)) {
    const set = /^\[\^?[^\]]+\]/su.exec(withoutEscapes.slice(at));
    if (set === null) return "has a [ that doesn't begin a set such as [a-z]";
    at += set[0].length - 1;
  }
  return null;
}
