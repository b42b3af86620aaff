import ignore from "@balena/dockerignore";
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
 * Directory that every pattern and path is moved into before they are compared: below it, no path can be
 * mistaken for a property that every JavaScript object has (`constructor`).
 */
const ANCHOR = "context";

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
    const matcher = ignore({ ignorecase: false }).add(rules.flatMap(anchored));
    const ignores = (path: string): boolean => matcher.ignores(`${ANCHOR}/${path}`);
    ignores("probe"); // compiles every pattern, so that a bad set is found here
    const reincluded = rules.filter((rule) => rule.negative).map(literalSegments);
    return { ignores, mayReinclude: (directory) => reincluded.some((start) => canMeet(start, directory)) };
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

/** The rule below {@link ANCHOR}, for the path and for all below it. */
function anchored({ pattern, negative }: IgnoreRule): string[] {
  const rule = `${negative ? "!" : ""}${ANCHOR}/${signsEscaped(pattern)}`;
  return [rule, `${rule}/**`];
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
