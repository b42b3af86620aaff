import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { heredocMarkers, type HeredocMarker } from "./heredoc-words";
import { type MappedText, type TextRange } from "./mapped-text";
import { type PhysicalLine } from "./physical-lines";
import { tokenise } from "./tokenise";

/** The body of a here-document: from its first line up to the line of the terminator. */
export interface Heredoc extends TextRange {
  terminator: string;
}

/** One instruction, cut out of the recipe, but not yet read. */
export interface LogicalLine {
  /** The joined lines, without comments, blank lines and continuation characters. Never blank. */
  content: MappedText;
  heredocs: Heredoc[];
  /** Offset after the instruction's last visible character, or after its last here-document. */
  end: number;
}

const BLANK = /^[\t\v\f\r \u0085\u00A0]*$/;
const COMMENT = /^[\t\v\f\r \u0085\u00A0]*#/;

/**
 * Cuts a recipe into instructions as BuildKit's frontend does. One escape character at the end of a line continues the
 * instruction; white space may follow it. Comment lines and blank lines in between are dropped.
 *
 * @throws {RecipeError} for a here-document without its end, and for what `tokenise` refuses
 */
export function logicalLines(
  text: string,
  lines: readonly PhysicalLine[],
  escape: EscapeCharacter,
): LogicalLine[] {
  const found: LogicalLine[] = [];
  let next = 0;
  while (next < lines.length) {
    const pieces: string[] = [];
    const offsets: number[] = [];
    for (let open = true; open && next < lines.length; next++) {
      const line = lines[next] as PhysicalLine;
      const written = text.slice(line.start, line.end);
      if (COMMENT.test(written) || BLANK.test(written)) {
        open = pieces.length > 0;
        continue;
      }
      const kept = withoutContinuation(written, escape);
      open = kept !== null;
      pieces.push(kept ?? written);
      for (let i = 0; i < (kept ?? written).length; i++) offsets.push(line.start + i);
    }
    const content = { text: pieces.join(""), offsets };
    const last = content.text.search(/[^\t\v\f\r \u0085\u00A0][\t\v\f\r \u0085\u00A0]*$/);
    if (last === -1) continue;
    const heredocs: Heredoc[] = [];
    let end = (offsets[last] as number) + 1;
    const { keyword, rest } = tokenise(content.text, escape, next);
    for (const marker of heredocMarkers(content.text, keyword, rest.text)) {
      const closing = terminatorIndex(text, lines, marker, next);
      if (closing === null) continue;
      heredocs.push({
        terminator: marker.terminator,
        start: (lines[next] as PhysicalLine).start,
        end: (lines[closing] as PhysicalLine).start,
      });
      end = (lines[closing] as PhysicalLine).end;
      next = closing + 1;
    }
    found.push({ content, heredocs, end });
  }
  return found;
}

/** The line without its continuation character; null if it has none. Two of them are a character of the text. */
function withoutContinuation(written: string, escape: EscapeCharacter): string | null {
  let end = written.length;
  while (end > 0 && (written[end - 1] === " " || written[end - 1] === "\t")) end--;
  const continues = end > 0 && written[end - 1] === escape && (end === 1 || written[end - 2] !== escape);
  return continues ? written.slice(0, end - 1) : null;
}

/** The index of the line that closes a here-document; null if a doubtful marker has none, and so opens nothing. */
function terminatorIndex(
  text: string,
  lines: readonly PhysicalLine[],
  marker: HeredocMarker,
  first: number,
): number | null {
  for (let index = first; index < lines.length; index++) {
    const line = lines[index] as PhysicalLine;
    const written = text.slice(line.start, line.end);
    if ((marker.chomp ? written.replace(/^\t+/, "") : written) === marker.terminator) return index;
  }
  if (marker.doubtful) return null;
  throw new RecipeError(
    `the here-document <<${marker.terminator} is never closed. Put ${marker.terminator} on a line of its own after it.`,
    first,
  );
}
