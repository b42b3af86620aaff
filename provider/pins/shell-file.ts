/** Characters of one physical line; Dockerfile parsers take no line above 64 KiB. */
const LINE_CHARACTERS = 8_000;
/** Characters of one instruction; the kernel takes no argument above 128 KiB, and a character can be 4 bytes. */
const RUN_CHARACTERS = 24_000;

/** One POSIX shell word that stands for the text itself. Pure. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A shell word broken over physical lines; adjacent quoted pieces are one word to the shell. */
function brokenWord(text: string, escape: string): string {
  if (text.length <= LINE_CHARACTERS) return shellWord(text);
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += LINE_CHARACTERS) {
    pieces.push(shellWord(text.slice(at, at + LINE_CHARACTERS)));
  }
  return pieces.join(`${escape}\n`);
}

/**
 * RUN instructions that write a text file, one word of printf per line of it, so that two locked recipes
 * can be compared line by line. A long file becomes several instructions. Pure.
 *
 * @param escape the recipe's continuation character
 */
export function writeFileRuns(file: string, lines: readonly string[], escape: string): string[] {
  const runs: string[] = [];
  let words: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (words.length === 0) return;
    runs.push(
      [`RUN printf '%s\\n' ${escape}`, ...words.map((word) => `  ${word} ${escape}`), `  >> ${file}`].join(
        "\n",
      ),
    );
    words = [];
    characters = 0;
  };
  for (const line of lines) {
    if (characters + line.length > RUN_CHARACTERS) flush();
    words.push(brokenWord(line, escape));
    characters += line.length;
  }
  flush();
  return runs;
}
