import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { PromotionFailedError } from "../../promote/gate/errors";
import { appendReceipt, prepareReceipt } from "../../promote/receipts/append";
import { ReceiptError } from "../../promote/receipts/errors";
import { receiptOf, type Made } from "../../promote/receipts/receipt-of";
import { whoPromotes } from "../../promote/receipts/who";
import type { RowLog } from "../host/row-log";

/** Where a promotion's receipt goes; null: it has no store, and there is none. */
function storeOf(root: string | null | undefined): string | null {
  return root === undefined || root === null ? null : resolve(root);
}

/** The account's name; a container may run under a number that has none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
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
  const by = whoPromotes(process.env, { user: userName(), host: hostname() });
  try {
    for (const words of await appendReceipt(store, receiptOf({ ...made, by }))) log.write("warning", words);
    return null;
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const { targets, imageId } = made.outputs;
    const next = made.failed === undefined ? "; the next update judges again, and writes it" : "";
    return new ReceiptError(
      `${targets.join(", ")} now names ${imageId}, but ${error.message}${next}`,
      error instanceof ReceiptError ? error.file : store,
      { cause: error },
    );
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
  const targets = left.map(({ target }) => target);
  if (targets.length === 0) return;
  const outputs = {
    ...known,
    digest: left.map(({ at }) => at).find((at) => at !== known.imageId) ?? null,
    targets,
    previous: Object.fromEntries(left.map(({ target, before }) => [target, before])),
    promotedAt: new Date().toISOString(),
  };
  const unwritten = await writeReceipt({ ...asked, outputs, moved: targets, failed: message }, log);
  if (unwritten !== null) log.write("warning", unwritten.message);
}
