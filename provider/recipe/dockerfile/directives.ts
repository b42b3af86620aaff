import { RecipeError } from "./error";
import { type PhysicalLine } from "./physical-lines";

/** The recipe's escape character. At the end of a line it continues the line. */
export type EscapeCharacter = "\\" | "`";

export interface Directives {
  /** From `# escape=`; default: a backslash. */
  escape: EscapeCharacter;
  /** The frontend image of `# syntax=`, as written; null if there is none. */
  syntax: string | null;
}

const KNOWN = new Set(["escape", "syntax", "check"]);

/**
 * Reads the parser directives (Dockerfile reference, "Parser directives"). They are comment lines `# name=value` at the
 * very top. The first line that is anything else, or has an unknown name, ends them.
 *
 * @throws {RecipeError} for a directive that is given twice, and for an escape character other than \ and `
 */
export function readDirectives(text: string, lines: readonly PhysicalLine[]): Directives {
  const found = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/.exec(text.slice(line.start, line.end).trim());
    const name = match?.[1]?.toLowerCase();
    if (!match || name === undefined || !KNOWN.has(name)) break;
    if (found.has(name)) {
      throw new RecipeError(`the parser directive "${name}" is given twice. Keep one of them.`, index + 1);
    }
    const value = match[2] as string;
    if (name === "escape" && value !== "\\" && value !== "`") {
      throw new RecipeError(
        `the escape directive is ${JSON.stringify(value)}; it must be a backslash or a backtick. Correct or remove it.`,
        index + 1,
      );
    }
    found.set(name, value);
  }
  return { escape: found.get("escape") === "`" ? "`" : "\\", syntax: found.get("syntax") ?? null };
}
