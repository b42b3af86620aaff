import { parseImageId } from "../../provider/base/reference/digest";
import { StoreError } from "../../provider/base/errors/store-error";
import { spentAfter, type Spent } from "../../provider/promote/gate/override";
import { readHistory } from "../../provider/promote/receipts/read-history";

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
