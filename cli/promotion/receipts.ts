import { parseImageId } from "../../provider/base/reference/digest";
import { hostname, userInfo } from "node:os";
import { ReceiptError } from "../../provider/promote/receipts/errors";
import { appendReceipt } from "../../provider/promote/receipts/append";
import { readHistory } from "../../provider/promote/receipts/read-history";
import { receiptOf, type Made } from "../../provider/promote/receipts/receipt-of";
import { whoPromotes } from "../../provider/promote/receipts/who";
import { spentAfter, type Spent } from "../../provider/promote/gate/override";
import { isVerifiedImagesError } from "../../provider/base/errors/base";
import { StoreError } from "../../provider/base/errors/store-error";

/** The account's name; a container may run under a number that has none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/**
 * Writes the receipt of a promotion that was made, or that left targets moved.
 *
 * @param root absolute
 * @returns warnings
 * @throws {ReceiptError} when it can't be written: the tags are where they should be, and nobody has it in writing
 */
export async function writeReceipt(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  made: Omit<Made, "by" | "urn">,
): Promise<string[]> {
  const by = whoPromotes(env, { user: userName(), host: hostname() });
  try {
    return await appendReceipt(root, receiptOf({ ...made, by, urn: null }));
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const { targets, imageId } = made.outputs;
    throw new ReceiptError(`${targets.join(", ")} now names ${imageId}, but ${error.message}`, root, {
      cause: error,
    });
  }
}

/**
 * What the reasons of a store's promotions were spent on, by its receipts, the newest last.
 *
 * @throws {StoreError} when the receipts can't be believed: a reason may have been spent then
 */
export async function spentReasons(root: string): Promise<Spent[]> {
  const { lines, problems } = await readHistory(root);
  const [first] = problems;
  if (first !== undefined) {
    const words = `line ${first.line} ${first.message}; whether the reason is spent can't be told`;
    throw new StoreError(`the receipts in ${root} can't be believed: ${words}`, root);
  }
  return lines.reduce<Spent[]>((spent, { receipt }) => {
    if (receipt === null) return spent;
    const { imageId, expectedRevision, targets, override } = receipt;
    const use = { imageId: parseImageId(imageId), expectedRevision, targets, host: receipt.host ?? null };
    return spentAfter(spent, { ...use, reason: override?.reason.trim() ?? null });
  }, []);
}
