/** Longest physical line, in bytes. Dockerfile parsers accept at most 64 KiB. */
const LINE_BYTES = 32_000;
/** Longest instruction, in bytes. The kernel accepts arguments of at most 128 KiB (MAX_ARG_STRLEN). */
const RUN_BYTES = 96_000;

/** Quotes a text as one word for a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Cuts a text into pieces. Each piece, as a shell word, has at most `bytes` bytes. No character is cut in two. */
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

/** Writes a shell word on several physical lines. The shell joins adjacent quoted pieces to one word. */
function brokenWord(text: string, escape: string): string {
  return pieces(text, LINE_BYTES).map(shellWord).join(`${escape}\n`);
}

/**
 * RUN instructions that write a text file. Each line of the file is one argument of printf, on a line of its own, so
 * that two locked recipes can be compared line by line. A long file needs several instructions.
 *
 * @param escape the recipe's continuation character
 * @throws {RangeError} for a line that contains a line break or NUL, which would end the instruction
 */
export function writeFileRuns(file: string, lines: readonly string[], escape: string): string[] {
  const runs: string[] = [];
  if (lines.length === 0) return [`RUN : > ${file}`];
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
    // A line that is longer than an instruction is written in parts. Only the last part ends the line.
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
 * Joins RUN instructions to as few as their size allows, because each one needs a container. Each command is on its own
 * line.
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
