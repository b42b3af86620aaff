/** A parser's name, and the parser, which is fed one line. It answers or throws. */
export type Parser = readonly [name: string, parse: (line: string) => unknown];

/**
 * Parsers of one kind that are fed the same line after some text that leads into them.
 *
 * @param beginnings these texts, with ¦ between them
 */
export const after = (name: string, beginnings: string, parse: (text: string) => unknown): Parser[] =>
  beginnings
    .split("¦")
    .map((begin): Parser => [`${name} ${JSON.stringify(begin)}`, (line) => parse(begin + line)]);

/** The same for parsers of bytes. */
export const bytesAfter = (name: string, beginnings: string, parse: (content: Buffer) => unknown): Parser[] =>
  after(name, beginnings, (text) => parse(Buffer.from(text)));

/** The same for parsers of bytes that read a text with an end. */
export const endedAfter = (
  name: string,
  beginnings: string,
  end: string,
  parse: (content: Buffer) => unknown,
): Parser[] => after(name, beginnings, (text) => parse(Buffer.from(text + end)));
