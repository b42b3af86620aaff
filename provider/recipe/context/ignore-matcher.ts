import { ContextError } from "./errors";
import { type IgnoreRule, ignoreRules, signsEscaped } from "./ignore-syntax";

/** Answers for paths relative to the context's root, with slashes, without a slash in front or behind. */
export interface IgnoreMatcher {
  /** True when Docker leaves the path out of the context. */
  ignores(path: string): boolean;
  /** False when nothing below an ignored directory can be in the context, so that nobody need look. */
  mayReinclude(directory: string): boolean;
}

/**
 * Reads the text of a .dockerignore file. The last rule that matches a path, or a directory above it, decides;
 * letters' case counts; `**` stands for any number of directories, none included.
 *
 * @param source Path of the file, for messages.
 * @throws ContextError (`context-ignore-invalid`) on a pattern that Docker refuses too.
 */
export function readIgnore(text: string, source = ".dockerignore"): IgnoreMatcher {
  try {
    const rules = ignoreRules(text);
    const runs = alikeInARow(rules).toReversed();
    const reincluded = rules.filter((rule) => rule.negative).map(literalSegments);
    return {
      ignores: (path) => runs.find(({ expression }) => expression.test(path))?.negative === false,
      mayReinclude: (directory) => reincluded.some((start) => canMeet(start, directory)),
    };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new ContextError(
      "context-ignore-invalid",
      source,
      `${source} has a pattern that Docker refuses: ${cause.message}. Correct it, or take the line out.`,
      { cause },
    );
  }
}

/** Rules that say the same, one after the other, as one expression: a context may have 100,000 paths to test. */
function alikeInARow(rules: readonly IgnoreRule[]): { negative: boolean; expression: RegExp }[] {
  const runs: { negative: boolean; patterns: string[] }[] = [];
  for (const { negative, pattern } of rules) {
    // Each pattern is tried alone as well: a set that one leaves open must not end in the next one.
    const expression = expressionOf(pattern);
    new RegExp(expression);
    const last = runs.at(-1);
    if (last?.negative === negative) last.patterns.push(expression);
    else runs.push({ negative, patterns: [expression] });
  }
  return runs.map(({ negative, patterns }) => ({
    negative,
    expression: new RegExp(`^(?:${patterns.join("|")})(?:/.*)?$`, "s"),
  }));
}

/**
 * What a pattern means, as the source of a regular expression: letter by letter as Docker does it (patternmatcher in
 * moby), which minds no sets, so that a star in a set is still a star.
 */
function expressionOf(pattern: string): string {
  const text = signsEscaped(pattern);
  return text.replace(/\\.|\*\*\/?|[*?.$]/gsu, (found, at: number) => {
    if (found.startsWith("**")) return at + found.length === text.length ? ".*" : "(?:.*/)?";
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    return found.length > 1 ? found : `\\${found}`;
  });
}

/** The segments of a pattern before the first that holds a wildcard, a set or an escape. */
function literalSegments({ pattern }: IgnoreRule): string[] {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[\]\\]/.test(segment));
  return wild < 0 ? segments : segments.slice(0, wild);
}

/** True when a path below the directory can begin with these segments. */
function canMeet(start: readonly string[], directory: string): boolean {
  const parts = directory.split("/");
  return start.every((segment, at) => at >= parts.length || parts[at] === segment);
}
