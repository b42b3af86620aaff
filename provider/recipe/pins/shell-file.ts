/** Bytes of one physical line; Dockerfile parsers take no line above 64 KiB. */
const LINE_BYTES = 32_000;
/** Bytes of one instruction; the kernel takes no argument above 128 KiB (MAX_ARG_STRLEN). */
const RUN_BYTES = 96_000;

/** One POSIX shell word that stands for the text itself. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A text in pieces whose shell words have at most so many bytes; no character is cut in two. */
function pieces(text: string, bytes: number): string[] {
  if (Buffer.byteLength(shellWord(text)) <= bytes) return [text];
  const found: string[] = [];
  let piece = "";
  let size = 2;
  for (const character of text) {
    const more = character === "'" ? 4 : Buffer.byteLength(character);
    if (size + more > bytes) {
      found.push(piece);
      piece = "";
      size = 2;
    }
    piece += character;
    size += more;
  }
  return [...found, piece];
}

/** A shell word broken over physical lines; adjacent quoted pieces are one word to the shell. */
function brokenWord(text: string, escape: string): string {
  return pieces(text, LINE_BYTES).map(shellWord).join(`${escape}\n`);
}

/**
 * RUN instructions that write a text file, one word of printf per line of it, so that two locked recipes
 * can be compared line by line. A long file becomes several instructions.
 *
 * @param escape the recipe's continuation character
 * @throws {RangeError} for a line that holds a line break or NUL: it would end the instruction
 */
export function writeFileRuns(file: string, lines: readonly string[], escape: string): string[] {
  const runs: string[] = [];
  let words: string[] = [];
  let bytes = 0;
  const flush = (format: string): void => {
    if (words.length === 0) return;
    const body = words.map((word) => `  ${word} ${escape}`);
    runs.push([`RUN printf '${format}' ${escape}`, ...body, `  >> ${file}`].join("\n"));
    words = [];
    bytes = 0;
  };
  for (const line of lines) {
    if (/[\n\0]/.test(line)) throw new RangeError(`a line of ${file} has a line break or NUL in it`);
    // A line longer than an instruction is written in parts, of which only the last one ends it.
    const parts = pieces(line, RUN_BYTES);
    const last = parts.pop() as string;
    if (parts.length > 0) flush("%s\\n");
    for (const part of parts) {
      words.push(brokenWord(part, escape));
      flush("%s");
    }
    const word = brokenWord(last, escape);
    const more = Buffer.byteLength(word) + 6;
    if (bytes + more > RUN_BYTES) flush("%s\\n");
    words.push(word);
    bytes += more;
  }
  flush("%s\\n");
  return runs;
}

/**
 * The same RUN instructions in as few as their size allows: each costs a container of its own. One command a line.
 */
export function joinedRuns(runs: readonly string[], escape: string): string[] {
  const glue = ` && ${escape}\n  `;
  const joined: string[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    const both = before === undefined ? run : `${before}${glue}${run.slice("RUN ".length)}`;
    if (before !== undefined && Buffer.byteLength(both) <= RUN_BYTES) joined[joined.length - 1] = both;
    else joined.push(run);
  }
  return joined;
}
