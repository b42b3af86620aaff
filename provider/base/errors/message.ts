/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A text on one line: a line's end, with the white space around it, becomes one space. */
export function onOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
