import { resolve } from "node:path";
import type { PromotionFailedError } from "../../promote/gate/errors";
import { prepareReceipt } from "../../promote/receipts/append";
import { ReceiptError } from "../../promote/receipts/errors";
import type { Made } from "../../promote/receipts/receipt-of";
import { outputsLeft, writeReceipt as write } from "../../promote/receipts/write";
import type { RowLog } from "../host/row-log";

/** The store that gets a promotion's receipt, as an absolute path; null: no store, so no receipt. */
function storeOf(root: string | null | undefined): string | null {
  return root === undefined || root === null ? null : resolve(root);
}

/**
 * Makes sure that the receipt can be written, before any tag is moved.
 *
 * @throws {ReceiptError} when it can't
 */
export async function prepare(root: string | null | undefined): Promise<void> {
  const store = storeOf(root);
  if (store !== null) await prepareReceipt(store);
}

/**
 * Writes the receipt of a promotion that succeeded, or that failed and left targets moved.
 *
 * @returns an error if it could not be written: the tags were moved, but no receipt says so
 */
export async function writeReceipt(made: Omit<Made, "by">, log: RowLog): Promise<ReceiptError | null> {
  const store = storeOf(made.inputs.root);
  if (store === null) return null;
  const advice = made.failed === undefined ? "; the next update judges again, and writes it" : "";
  try {
    for (const words of await write(store, process.env, made, advice)) log.write("warning", words);
    return null;
  } catch (error) {
    if (error instanceof ReceiptError) return error;
    throw error;
  }
}

/**
 * Writes the receipt of a failed promotion that left targets moved; if it left none, nothing is written. If the receipt
 * can't be written, that is only a warning, because the update fails with the promotion's own error.
 */
export async function writeFailure(
  asked: Pick<Made, "inputs" | "judgement" | "urn">,
  known: Pick<Made["outputs"], "imageId" | "revision" | "verified">,
  { left, message }: PromotionFailedError,
  log: RowLog,
): Promise<void> {
  if (left.length === 0) return;
  const outputs = outputsLeft(known, left);
  const made = { ...asked, outputs, moved: outputs.targets, failed: message };
  const unwritten = await writeReceipt(made, log);
  if (unwritten !== null) log.write("warning", unwritten.message);
}
