export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Puts a text on one line: each line break, with the white space around it, becomes one space. */
export function onOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
