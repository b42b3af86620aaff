/** A half-open range of UTF-16 offsets in the recipe's text. */
export interface TextRange {
  start: number;
  end: number;
}

/**
 * Text that was put together from pieces of the recipe (continuation lines joined, comments left out). `offsets[i]` is
 * the offset in the recipe of `text[i]`.
 */
export interface MappedText {
  text: string;
  offsets: readonly number[];
}

/** The piece of `mapped` from index `start` up to `end`, which is not included. Default: to the end. */
export function sliceMapped(mapped: MappedText, start: number, end = mapped.text.length): MappedText {
  return { text: mapped.text.slice(start, end), offsets: mapped.offsets.slice(start, end) };
}

/** The range in the recipe of the piece of `mapped` from index `start` up to `end`. The piece must not be empty. */
export function rangeInRecipe(mapped: MappedText, start: number, end: number): TextRange {
  const first = mapped.offsets[start];
  const last = mapped.offsets[end - 1];
  if (first === undefined || last === undefined || end <= start) {
    throw new RangeError(`no text from ${start} to ${end} in ${mapped.text.length} characters`);
  }
  return { start: first, end: last + 1 };
}

/** The text of a range. It is not joined from pieces. */
export function mapRange(text: string, range: TextRange): MappedText {
  const offsets: number[] = [];
  for (let offset = range.start; offset < range.end; offset++) offsets.push(offset);
  return { text: text.slice(range.start, range.end), offsets };
}
