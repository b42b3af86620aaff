import type { Parser } from "./parser";

/** Characters of a megabyte. */
export const MEGABYTE = 1024 * 1024;
/** Characters of the lines that every parser is fed of every form. A quadratic parser is already slow with them. */
const SHORT = 16 * 1024;
/** So many of the forms, those that took longest, are fed at their full length. */
const CHOSEN = 1;
/** A parser may take so many milliseconds, whatever its growth is. */
const QUICK = 1_000;
/** No line may take longer, in milliseconds. */
const LONGEST = 10_000;
/** A line that is four times as long may take so many times as long. A quadratic parser takes 16 times as long. */
const GROWTH = 8;

/** What is said again and again on the line. Each has led a parser of some program astray. */
const PIECES: readonly string[] = [
  ' ¦\t¦\\¦"¦\'¦\\"¦""¦`¦a¦A¦1¦0¦.¦-¦_¦/¦:¦@¦#¦=¦,',
  "a=¦a b ¦a,¦a.¦a-¦a/¦a:¦0.¦.0¦a@¦[¦{¦(¦()¦[a¦[a]¦<¦<<¦<a ",
  "${¦$(¦$a¦${a}¦$((¦/*¦/*/*¦**/¦*a¦?a¦!¦&&¦; ¦|¦| x ¦\\a¦\u00e9",
  "a://¦a://b@¦//¦--a ¦-i¦-e¦i¦#1 ¦%q{¦{a ¦x;¦\u001b[¦\u001b]",
  '[]¦[[¦{"a":¦"a",¦[1,¦"a" ',
].flatMap((pieces) => pieces.split("¦"));

/** A line of the given length, without an end. */
const lineOf = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

export interface Slowness {
  piece: string;
  characters: number;
  milliseconds: number;
}

/** Milliseconds of this process's own CPU time, which other processes on the machine can't prolong much. */
async function cost(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work();
  } catch (error) {
    // A refusal is an answer. These are none: the stack ran over, or something was not there.
    if (error instanceof RangeError || error instanceof TypeError || error instanceof ReferenceError)
      throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Feeds a parser lines that grow; the first that takes too long. Null: none does. Longer ones are then not tried. */
async function slowness(piece: string, parse: Parser[1], longest: number): Promise<Slowness | null> {
  let before = Infinity;
  for (let characters = SHORT; characters <= longest; characters *= 4) {
    const line = lineOf(piece, characters);
    const milliseconds = await cost(() => parse(line));
    const grew = milliseconds > QUICK && milliseconds > GROWTH * before;
    if (grew || milliseconds > LONGEST) return { piece, characters, milliseconds };
    before = milliseconds;
  }
  return null;
}

/** The lines that take a parser too long. */
export async function slowLines(parse: Parser[1], longest: number): Promise<Slowness[]> {
  const costs: { piece: string; milliseconds: number }[] = [];
  for (const piece of PIECES) {
    const line = lineOf(piece, SHORT);
    costs.push({ piece, milliseconds: await cost(() => parse(line)) });
  }
  const chosen = costs.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, CHOSEN);
  const slow: Slowness[] = [];
  for (const { piece } of chosen) {
    const found = await slowness(piece, parse, longest);
    if (found !== null) slow.push(found);
  }
  return slow;
}
