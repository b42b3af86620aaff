/**
 * One word for a POSIX shell (XCU 2.2.2, single quotes): whatever the text is, the shell takes it as it stands. A
 * leading dash stays one: put `--` before it where a program could take it for an option.
 *
 * @throws {TypeError} for text with a NUL, which no argument and no variable of a process can have (execve(2))
 */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new TypeError("text for a shell can't have a NUL character in it");
  return `'${text.replaceAll("'", "'\\''")}'`;
}
