import { RecipeError } from "../dockerfile/error";
import type { HeaderLine } from "./header";
import type { DefinitionSection, FileTransfer } from "./types";
import type { Variables } from "./variables";

/** A word in quotes, or a bare word. The engine expands variables before, so a word has none. */
const WORD = /"[^"]*"|'[^']*'|[^\s"']+/g;

/**
 * Reads the lines of one `%files`: a source and perhaps a destination each, quoted where they have spaces.
 *
 * @throws {RecipeError} where the section's own line says neither nothing nor `from <stage>`: the engine skips such a
 *   section without a word
 */
export function readFiles(
  section: DefinitionSection,
  text: string,
  lines: readonly HeaderLine[],
  expand: Variables["expand"],
): FileTransfer[] {
  const words = (section.args.split("#")[0] ?? "").split(/\s+/).filter((word) => word !== "");
  const [from, stage = null] = words;
  if (words.length > 0 && (words.length !== 2 || from?.toLowerCase() !== "from")) {
    throw new RecipeError(
      `"%files ${section.args}" is not understood, and the engine would skip it; write \`%files\` or \`%files from <stage>\``,
      section.line,
    );
  }
  return lines.flatMap(({ start, end, number }): FileTransfer[] => {
    const line = expand(text.slice(start, end), number).trim();
    if (line === "" || line.startsWith("#")) return [];
    const [source = "", destination = ""] = (line.match(WORD) ?? []).map((word) =>
      word.replace(/^(["'])(.*)\1$/, "$2"),
    );
    return [{ source, destination, stage, line: number }];
  });
}
