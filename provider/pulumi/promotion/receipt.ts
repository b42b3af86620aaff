import { resolve } from "node:path";
import type { PromotionFailedError } from "../../promote/gate/errors";
import { prepareReceipt } from "../../promote/receipts/append";
import { ReceiptError } from "../../promote/receipts/errors";
import type { Made } from "../../promote/receipts/receipt-of";
import { outputsLeft, writeReceipt as write } from "../../promote/receipts/write";
import type { RowLog } from "../host/row-log";

/** Where a promotion's receipt goes; null: it has no store, and there is none. */
function storeOf(root: string | null | undefined): string | null {
  return root === undefined || root === null ? null : resolve(root);
}

/**
 * Makes sure that the receipt can be written, before anything is tagged.
 *
 * @throws {ReceiptError}
 */
export async function prepare(root: string | null | undefined): Promise<void> {
  const store = storeOf(root);
  if (store !== null) await prepareReceipt(store);
}

/**
 * Writes the receipt of a promotion that was made.
 *
 * @returns the error when that failed: the tags are where they should be, and nobody has it in writing
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
 * Writes the receipt of what a promotion left moved when it failed; none where everything is as it was. That it can't be
 * written is a warning: the promotion's own failure is what the update ends with.
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
