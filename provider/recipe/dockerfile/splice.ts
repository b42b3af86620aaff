/** Replaces a half-open range of UTF-16 offsets by `text`. If `start` and `end` are equal, the text is inserted. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/**
 * Makes all edits in a text. Every character outside their ranges stays as it is. Insertions at the same offset keep
 * the order in which they are given.
 *
 * @throws {RangeError} for a range outside the text, and for edits that overlap
 */
export function splice(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let done = 0;
  for (const edit of ordered) {
    const whole = Number.isInteger(edit.start) && Number.isInteger(edit.end);
    if (!whole || edit.start < 0 || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(
        `edit ${edit.start}..${edit.end} is outside the text of ${text.length} characters`,
      );
    }
    if (edit.start < done) {
      throw new RangeError(`edit ${edit.start}..${edit.end} overlaps the one that ends at ${done}`);
    }
    pieces.push(text.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  pieces.push(text.slice(done));
  return pieces.join("");
}
