import { ContextError } from "./errors";
import { type IgnoreRule, ignoreRules, signsEscaped } from "./ignore-syntax";

/** Decides about paths. They are relative to the context's root, with slashes between, but not before and after. */
export interface IgnoreMatcher {
  /** Whether Docker leaves the path out of the context. */
  ignores(path: string): boolean;
  /** Whether something below an ignored directory may be in the context. If not, nobody has to look there. */
  mayReinclude(directory: string): boolean;
}

/**
 * Reads the text of a .dockerignore file. The last rule that matches a path, or a directory above it, decides. Case
 * matters. `**` stands for any number of directories, including none.
 *
 * @param source path of the file, for messages
 * @throws {ContextError} (`context-ignore-invalid`) for a pattern that Docker refuses too
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

/** Joins successive rules of the same kind to one expression, because a context may have 100,000 paths to test. */
function alikeInARow(rules: readonly IgnoreRule[]): { negative: boolean; expression: RegExp }[] {
  const runs: { negative: boolean; patterns: string[] }[] = [];
  for (const { negative, pattern } of rules) {
    // Each pattern is also compiled alone: a set that is left open in one must not end in the next one.
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
 * A pattern as the source of a regular expression. It is translated character by character, as Docker does
 * (patternmatcher in moby). Docker does not treat sets specially, so a star in a set is a star too.
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

/** The segments of a pattern before the first one that contains a wildcard, a set or an escape. */
function literalSegments({ pattern }: IgnoreRule): string[] {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[\]\\]/.test(segment));
  return wild < 0 ? segments : segments.slice(0, wild);
}

/** Whether a path below the directory can begin with these segments. */
function canMeet(start: readonly string[], directory: string): boolean {
  const parts = directory.split("/");
  return start.every((segment, at) => at >= parts.length || parts[at] === segment);
}
