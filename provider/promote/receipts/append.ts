import { mkdir, open, readFile } from "node:fs/promises";
import { messageOf } from "../../base/errors/message";
import { LeaseLostError } from "../../base/lease/errors";
import { LEASE_TIMES, withLease, type LeaseTimes } from "../../base/lease/lease";
import { HistoryInUseError, ReceiptError } from "./errors";
import { parseHistory } from "./history";
import { onDisk } from "./on-disk";
import { historyFile, tornFile } from "./read-history";
import { receiptLine, type ReceiptFacts } from "./receipt";

/** How long a writer waits for its turn to write into the history, in milliseconds. */
export const HISTORY_TIMES: LeaseTimes = { ...LEASE_TIMES, poll: 20, stale: 30_000, limit: 120_000 };

/** The lease file of the history. It can't clash with an artifact's, because no artifact has a `~` in its name. */
export function historyLease(root: string): string {
  return `${root}/.promotions~.lease`;
}

/** Runs `work` while no other promotion, process or machine writes into this store's history. */
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
 * Makes sure that a receipt can be written, before any tag is moved: a promotion without a receipt must not happen.
 *
 * @param root absolute path; the folder is made if it does not exist
 * @throws {ReceiptError} when it can't be written, or another process keeps the history in use too long
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
 * Appends a receipt to the history; it is on disk when this returns. Writers take turns, also across processes, stacks and
 * machines. If a crash cut off the last line, that line is moved to a file of its own and the new receipt names it.
 *
 * @param root absolute path
 * @returns warnings for the user: a cut-off line was moved, or the history's chain is broken
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

/** How often to start again when the history grows while it is read. */
const ATTEMPTS = 5;

/** A process that lost its lease may still be writing. So if the history has changed meanwhile, it is read again. */
async function appendToWhatIsThere(root: string, facts: ReceiptFacts): Promise<string[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const words = await appendLine(root, facts);
    if (words !== null) return words;
  }
  throw new Error("another process keeps writing into it without a lease on it; nothing was written");
}

/** Returns null when the history has changed since it was read; nothing is written then. */
async function appendLine(root: string, facts: ReceiptFacts): Promise<string[] | null> {
  const file = historyFile(root);
  const handle = await open(file, "a", 0o644);
  try {
    const bytes = await readFile(file);
    const { lines, problems, torn } = parseHistory(bytes);
    const words: string[] = [];
    const whole = bytes.length - (torn?.length ?? 0);
    if (torn !== null) await putAside(tornFile(root), torn);
    // The writer of the cut-off line may have finished it meanwhile.
    if ((await handle.stat()).size !== bytes.length) return null;
    if (torn !== null) {
      await handle.truncate(whole);
      words.push(
        `the last line of ${file} was cut off, by a crash it seems; it is in ${tornFile(root)} now, and the new receipt says so`,
      );
    }
    const line = receiptLine(facts, lines.at(-1)?.text ?? null, torn);
    try {
      // One write: a reader sees the whole line or, at worst, a line without its end.
      await handle.appendFile(`${line}\n`);
      await onDisk(handle);
    } catch (error) {
      // A full disk may have taken half of the line.
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

/** Appends the cut-off bytes to the file of cut-off lines, followed by a newline. */
async function putAside(file: string, torn: Buffer): Promise<void> {
  const handle = await open(file, "a", 0o644);
  try {
    await handle.appendFile(Buffer.concat([torn, Buffer.from("\n")]));
    await onDisk(handle);
  } finally {
    await handle.close();
  }
}

/** Syncs a folder, so that new file names are on disk too. Some file systems can't; the lines themselves are safe then. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  try {
    if (handle !== null) await onDisk(handle).catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
