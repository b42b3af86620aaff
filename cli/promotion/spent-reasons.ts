import { parseImageId } from "../../provider/base/reference/digest";
import { StoreError } from "../../provider/base/errors/store-error";
import { spentAfter, type Spent } from "../../provider/promote/gate/override";
import { readHistory } from "../../provider/promote/receipts/read-history";

/**
 * The promotions that used up reasons, by the receipts of a store, the newest last.
 *
 * @throws {StoreError} when the receipts can't be trusted: then it is not known which reasons are used up
 */
export async function spentReasons(root: string): Promise<Spent[]> {
  const { lines, problems } = await readHistory(root);
  const [first] = problems;
  if (first !== undefined) {
    const words = `line ${first.line} ${first.message}; so it is not known whether this reason is used up`;
    throw new StoreError(`the receipts in ${root} can't be believed: ${words}`, root);
  }
  return lines.reduce<Spent[]>((spent, { receipt }) => {
    if (receipt === null) return spent;
    const { imageId, expectedRevision, targets, override } = receipt;
    const use = { imageId: parseImageId(imageId), expectedRevision, targets, host: receipt.host ?? null };
    return spentAfter(spent, { ...use, reason: override?.reason.trim() ?? null });
  }, []);
}
