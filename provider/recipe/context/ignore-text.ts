import { ContextError } from "./errors";
import { type IgnoreRule, ignoreRules, signsEscaped } from "./ignore-syntax";

/**
 * The text of an ignore file that has the given rules and also leaves out whole directories, whatever the rules say
 * about them. Docker gets it in place of the user's file, so that it sends exactly what hashContext covers.
 *
 * If there are exceptions, each rule is written twice: for the path and for all below it. Versions of Docker differ in
 * what a rule means for the inside of a directory if an exception comes before it. The text begins with a comment, so
 * that it is never empty: Docker may ignore an empty `<recipe>.dockerignore`.
 *
 * @param patterns the text of the user's file, or the empty string; readIgnore must have accepted it
 * @param directories paths relative to the context, with slashes, as contextExclusions gives them
 * @throws {ContextError} (`context-exclusion-invalid`) when a path has a line break, or isn't inside the context
 */
export function withExclusions(patterns: string, directories: readonly string[]): string {
  const rules = ignoreRules(patterns);
  const excepted = rules.some((rule) => rule.negative);
  const written = rules.flatMap((rule) => (excepted ? deep(rule) : [ruleText(rule)]));
  const excluded = directories.flatMap((directory) => {
    const pattern = literalPattern(directory);
    return [pattern, `${pattern}/**`];
  });
  return ["# ignore rules of this build", ...written, ...excluded, ""].join("\n");
}

function deep(rule: IgnoreRule): string[] {
  return [ruleText(rule), ruleText({ ...rule, pattern: `${rule.pattern}/**` })];
}

/** Writes a rule. A slash in front keeps a pattern that begins with `#` or `!` from being read as something else. */
function ruleText({ pattern, negative }: IgnoreRule): string {
  const escaped = signsEscaped(pattern);
  const plain = /^[#!]/.test(escaped) ? `/${escaped}` : escaped;
  return negative ? `!${plain}` : plain;
}

/** A pattern that matches exactly this path. Wildcards are escaped. Spaces at its ends are written so that they stay. */
function literalPattern(directory: string): string {
  if (/[\r\n]/.test(directory) || /^(?:\.{0,2}$|\.\.?\/|\/)/.test(directory)) {
    throw new ContextError(
      "context-exclusion-invalid",
      directory,
      `${JSON.stringify(directory)} can't be left out of the build context: expected a directory inside it, ` +
        "without line breaks in its name. Choose another place for the artifact store.",
    );
  }
  const escaped = directory
    .replace(/[*?[\]\\]/g, "\\$&")
    .replace(/^[!#\s]|\s$/g, (character) => `[${character}]`);
  return signsEscaped(escaped);
}
