import { mkdir, open, readFile } from "node:fs/promises";
import { messageOf } from "../../base/errors/message";
import { LeaseLostError } from "../../base/lease/errors";
import { LEASE_TIMES, withLease, type LeaseTimes } from "../../base/lease/lease";
import { HistoryInUseError, ReceiptError } from "./errors";
import { parseHistory } from "./history";
import { historyFile, tornFile } from "./read-history";
import { receiptLine, type ReceiptFacts } from "./receipt";

/** How long a line's place in the history is waited for. */
export const HISTORY_TIMES: LeaseTimes = { ...LEASE_TIMES, poll: 20, stale: 30_000, limit: 120_000 };

/** Where the lease on the history lies; no artifact has a `~` in its name. */
export function historyLease(root: string): string {
  return `${root}/.promotions~.lease`;
}

/** Does work while nobody else writes into a store's history: no other promotion, process or machine. */
async function withHistory<T>(root: string, times: LeaseTimes, work: () => Promise<T>): Promise<T> {
  const lease = historyLease(root);
  return await withLease(
    {
      files: [lease],
      times,
      inUse: (other) => new HistoryInUseError(historyFile(root), lease, other, times.limit / 1000),
      lost: (_, other) => new LeaseLostError("the history of promotions", lease, other),
    },
    work,
  );
}

/**
 * Makes sure, before anything is tagged, that a receipt can be written: what can't be written down is not promoted.
 *
 * @param root absolute; made when it is not there
 * @throws {ReceiptError}
 */
export async function prepareReceipt(root: string, times: LeaseTimes = HISTORY_TIMES): Promise<void> {
  const file = historyFile(root);
  try {
    await mkdir(root, { recursive: true });
    await withHistory(root, times, async () => (await open(file, "a", 0o644)).close());
  } catch (error) {
    const message = `no receipt can be written to ${file} (${messageOf(error)}); no tag was moved`;
    throw new ReceiptError(message, file, { cause: error });
  }
}

/**
 * Puts a receipt after the last one, and has it on disk when it returns. One at a time, whatever process, stack or
 * machine of the store writes. A last line that a crash has cut off is put aside, and the new receipt names it.
 *
 * @param root absolute
 * @returns what people should know of the history: a line that was put aside, a chain that is broken
 * @throws {ReceiptError} when it can't be written
 */
export async function appendReceipt(
  root: string,
  facts: ReceiptFacts,
  times: LeaseTimes = HISTORY_TIMES,
): Promise<string[]> {
  const file = historyFile(root);
  try {
    await mkdir(root, { recursive: true });
    return await withHistory(root, times, () => appendToWhatIsThere(root, facts));
  } catch (error) {
    throw new ReceiptError(`the receipt could not be written to ${file}: ${messageOf(error)}`, file, {
      cause: error,
    });
  }
}

/** How often the history is read anew when it grows meanwhile. */
const ATTEMPTS = 5;

/** A lease that was taken over may have its writer still: the history is read anew when it has changed. */
async function appendToWhatIsThere(root: string, facts: ReceiptFacts): Promise<string[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const words = await appendLine(root, facts);
    if (words !== null) return words;
  }
  throw new Error("somebody else writes into it all the time, without a lease on it; nothing was written");
}

/** Null: the history has changed since it was read, and nothing was written. */
async function appendLine(root: string, facts: ReceiptFacts): Promise<string[] | null> {
  const file = historyFile(root);
  const handle = await open(file, "a", 0o644);
  try {
    const bytes = await readFile(file);
    const { lines, problems, torn } = parseHistory(bytes);
    const words: string[] = [];
    const whole = bytes.length - (torn?.length ?? 0);
    if (torn !== null) await putAside(tornFile(root), torn);
    // What was put aside may be a line that its writer has finished by now.
    if ((await handle.stat()).size !== bytes.length) return null;
    if (torn !== null) {
      await handle.truncate(whole);
      words.push(
        `the last line of ${file} was cut off, by a crash it seems; it is in ${tornFile(root)} now, and the new receipt says so`,
      );
    }
    const line = receiptLine(facts, lines.at(-1)?.text ?? null, torn);
    try {
      // In one piece: who reads meanwhile sees all of it or, at the worst, a line without its end.
      await handle.appendFile(`${line}\n`);
      await handle.datasync();
    } catch (error) {
      // A disk that is full may have taken half of it.
      await handle.truncate(whole).catch(() => undefined);
      throw error;
    }
    await syncFolder(root);
    const [first] = problems;
    if (first !== undefined) {
      words.push(
        `${file} can't be believed: line ${first.line} ${first.message}; see verified-images history`,
      );
    }
    return words;
  } finally {
    await handle.close();
  }
}

/** Adds what was cut off to what was before, each on a line of its own. */
async function putAside(file: string, torn: Buffer): Promise<void> {
  const handle = await open(file, "a", 0o644);
  try {
    await handle.appendFile(Buffer.concat([torn, Buffer.from("\n")]));
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Has the names in a folder on disk too; where a file system can't do that, the lines are there all the same. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  try {
    await handle?.datasync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
