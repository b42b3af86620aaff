/**
 * Quotes a text as one word for a POSIX shell (XCU 2.2.2, single quotes). The shell takes it literally. A text that
 * begins with a dash may still be taken for an option by the program: put `--` before it there.
 *
 * @throws {TypeError} for text with a NUL, which no argument and no variable of a process can contain (execve(2))
 */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new TypeError("text for a shell can't have a NUL character in it");
  return `'${text.replaceAll("'", "'\\''")}'`;
}
