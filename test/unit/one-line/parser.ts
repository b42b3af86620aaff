/** A parser's name, and the parser, which is fed one line. It answers or throws. */
export type Parser = readonly [name: string, parse: (line: string) => unknown];

const all = (values: Iterable<unknown>): unknown[] => [...values];

/** Parsers of one kind that are fed the same line after some text that leads into them. */
export function after(
  name: string,
  parse: (text: string) => unknown,
  beginnings: readonly string[],
): Parser[] {
  return beginnings.map((begin): Parser => [
    `${name} ${JSON.stringify(begin)}`,
    (line) => parse(begin + line),
  ]);
}

/** The same for parsers of bytes. */
export function bytesAfter(
  name: string,
  parse: (content: Buffer) => unknown,
  beginnings: readonly string[],
): Parser[] {
  return after(name, (text) => parse(Buffer.from(text, "utf8")), beginnings);
}

/** A parser that gives its answers one by one. */
export const drained =
  <T>(parse: (text: T) => Iterable<unknown>): ((text: T) => unknown) =>
  (text) =>
    all(parse(text));
