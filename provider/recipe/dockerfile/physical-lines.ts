export interface PhysicalLine {
  /** Offset of its first character. A byte order mark is not part of the first line. */
  start: number;
  /** Offset after its last character, without the line break (`\n` or `\r\n`). */
  end: number;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** Cuts a text into lines at `\n`. A `\r` before it belongs to the line break; any other `\r` belongs to the line. */
export function physicalLines(text: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  for (;;) {
    const feed = text.indexOf("\n", start);
    const stop = feed === -1 ? text.length : feed;
    const end = stop > start && text[stop - 1] === "\r" ? stop - 1 : stop;
    lines.push({ start, end });
    if (feed === -1) return lines;
    start = feed + 1;
  }
}

/** The number, from 1, of the line that contains `offset`. */
export function lineNumberAt(lines: readonly PhysicalLine[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] as PhysicalLine).start <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
