import { readLine, sha256, type Receipt } from "./receipt";

/** One line of the history. */
export interface HistoryLine {
  /** Line number, from 1. */
  line: number;
  text: string;
  /** null: the line is no receipt. */
  receipt: Receipt | null;
}

/** The history of promotions, and whether it can be trusted. */
export interface History {
  /** Oldest first. */
  lines: HistoryLine[];
  /** What is wrong with which line; empty: every line is as written and follows the one before it. */
  problems: { line: number; message: string }[];
  /** The bytes after the last newline, which a crash cut off; null: there are none. */
  torn: Buffer | null;
}

/** SHA-256 of the last line; null: no lines. Kept elsewhere, it shows later whether lines at the end were removed. */
export function headOf({ lines }: History): string | null {
  const last = lines.at(-1);
  return last === undefined ? null : sha256(last.text);
}

/**
 * Reads a history and checks its chain: is every line as it was written, and does it follow the line before it? The chain
 * can't show that lines at its end were removed, or that everything from some line on was written again.
 */
export function parseHistory(bytes: Buffer): History {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const torn = end === bytes.length ? null : bytes.subarray(end);
  const texts =
    end === 0
      ? []
      : bytes
          .subarray(0, end - 1)
          .toString("utf8")
          .split("\n");
  const problems: History["problems"] = [];
  const lines: HistoryLine[] = [];
  let before: string | null = null;
  let doubted = false;
  texts.forEach((text, index) => {
    const line = index + 1;
    const read = readLine(text);
    lines.push({ line, text, receipt: read?.receipt ?? null });
    const follows = read?.receipt.prev === (before === null ? null : sha256(before));
    let message: string | null = null;
    if (read === null) message = "is no receipt";
    else if (read.edited) message = "was changed after it was written";
    // When a line was changed, the next one can't match it. That is not reported a second time.
    else if (!follows && !doubted) message = brokenWords(line, read.receipt);
    if (message !== null) problems.push({ line, message });
    doubted = read === null || read.edited;
    before = text;
  });
  return { lines, problems, torn };
}

function brokenWords(line: number, { prev }: Receipt): string {
  if (line === 1) return "is not the first promotion: lines before it were removed";
  if (prev === null) return `starts a history of its own, and does not follow line ${line - 1}`;
  return `does not follow line ${line - 1}: lines between them were removed, added or put in another order`;
}
