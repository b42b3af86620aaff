import { StringDecoder } from "node:string_decoder";

/** A line without an end is written in pieces of so many characters. */
const LONGEST = 1024 * 1024;

/** Takes a stream in chunks, and writes it line by line, each line changed. */
export interface LogLines {
  take(chunk: string | Buffer): void;
  /** Writes what is left of the last line. */
  end(): void;
}

/**
 * Changes the lines of a stream on their way to a log. A line is written when its end has come.
 *
 * @param change what becomes of a line; it gets the line without its end
 */
export function logLines(write: (text: string) => void, change: (line: string) => string): LogLines {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    rest += text;
    const last = rest.lastIndexOf("\n");
    if (last === -1 && rest.length < LONGEST) return;
    const at = last === -1 ? rest.length : last;
    write(rest.slice(0, at).split("\n").map(change).join("\n") + (last === -1 ? "" : "\n"));
    rest = rest.slice(at + 1);
  };
  return {
    take: (chunk) => take(typeof chunk === "string" ? chunk : decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (rest !== "") write(change(rest));
      rest = "";
    },
  };
}
