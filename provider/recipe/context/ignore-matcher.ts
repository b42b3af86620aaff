import { ContextError } from "./errors";
import { type Element, elementsOf, OddPatternError, sourceOf } from "./ignore-expression";
import { stepMatcher } from "./ignore-steps";
import { type IgnoreRule, ignoreRules } from "./ignore-syntax";

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
 * @throws {ContextError} (`context-ignore-invalid`) for a pattern that Docker refuses too, or takes for something else
 */
export function readIgnore(text: string, source = ".dockerignore"): IgnoreMatcher {
  try {
    const rules = ignoreRules(text);
    const runs = alikeInARow(rules).toReversed();
    const reincluded = rules.filter((rule) => rule.negative).map(literalSegments);
    return {
      ignores: (path) => runs.find(({ matches }) => matches(path))?.negative === false,
      mayReinclude: (directory) => reincluded.some((start) => canMeet(start, directory)),
    };
  } catch (cause) {
    const isOdd = cause instanceof OddPatternError;
    if (!isOdd && !(cause instanceof SyntaxError)) throw cause;
    const problem = `has a pattern that Docker ${isOdd ? "takes for a regular expression" : "refuses"}`;
    throw new ContextError(
      "context-ignore-invalid",
      source,
      `${source} ${problem}: ${cause.message}. Correct it, or take the line out.`,
      { cause },
    );
  }
}

interface Run {
  negative: boolean;
  matches: (path: string) => boolean;
}

/** Joins successive rules of the same kind to one question, because a context may have 100,000 paths to test. */
function alikeInARow(rules: readonly IgnoreRule[]): Run[] {
  const runs: { negative: boolean; patterns: Element[][] }[] = [];
  for (const { negative, pattern } of rules) {
    const elements = elementsOf(pattern);
    const last = runs.at(-1);
    if (last?.negative === negative) last.patterns.push(elements);
    else runs.push({ negative, patterns: [elements] });
  }
  return runs.map(({ negative, patterns }) => ({ negative, matches: anyOf(patterns) }));
}

/** Wildcards with which one regular expression, which is the fastest, can't take long. The last element never can. */
const FEW = 2;

function anyOf(patterns: readonly Element[][]): (path: string) => boolean {
  const isSimple = (elements: Element[]): boolean =>
    elements.slice(0, -1).filter((element) => element === "directories" || "many" in element).length <= FEW;
  const simple = patterns.filter(isSimple).map(sourceOf);
  const expression = new RegExp(`^(?:${simple.join("|")})(?:/.*)?$`, "s");
  const others = patterns.filter((elements) => !isSimple(elements)).map(stepMatcher);
  return (path) => (simple.length > 0 && expression.test(path)) || others.some((matches) => matches(path));
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
