export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Puts a text on one line: each line break, with the white space around it, becomes one space. */
export function onOneLine(text: string): string {
  const lines = text.split("\n");
  const last = lines.length - 1;
  return lines
    .map((line, at) => (at === 0 ? line : line.trimStart()))
    .map((line, at) => (at === last ? line : line.trimEnd()))
    .filter((line, at) => line !== "" || at === 0 || at === last)
    .join(" ");
}
