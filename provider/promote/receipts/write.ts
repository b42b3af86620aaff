import { hostname, userInfo } from "node:os";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { LeftMoved } from "../gate/errors";
import { appendReceipt } from "./append";
import { ReceiptError } from "./errors";
import { receiptOf, type Made } from "./receipt-of";
import { whoPromotes } from "./who";

/** The account's name, or its number: in a container the number may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/**
 * Writes the receipt of a promotion that succeeded, or that failed and left targets moved.
 *
 * @param root absolute path
 * @param env the environment that says who promotes
 * @param advice text added to the error's message
 * @returns warnings for the user about the history
 * @throws {ReceiptError} when it can't be written: the tags were moved, but no receipt says so
 */
export async function writeReceipt(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  made: Omit<Made, "by">,
  advice = "",
): Promise<string[]> {
  const by = whoPromotes(env, { user: userName(), host: hostname() });
  try {
    return await appendReceipt(root, receiptOf({ ...made, by }));
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const { targets, imageId } = made.outputs;
    const message = `${targets.join(", ")} now names ${imageId}, but ${error.message}${advice}`;
    const file = error instanceof ReceiptError ? error.file : root;
    throw new ReceiptError(message, file, { cause: error });
  }
}

/** The outputs of a promotion that failed: only the targets that it left moved. */
export function outputsLeft(
  known: Pick<Made["outputs"], "imageId" | "revision" | "verified">,
  left: readonly LeftMoved[],
): Made["outputs"] {
  return {
    ...known,
    digest: left.map(({ at }) => at).find((at) => at !== known.imageId) ?? null,
    targets: left.map(({ target }) => target),
    previous: Object.fromEntries(left.map(({ target, before }) => [target, before])),
    promotedAt: new Date().toISOString(),
  };
}
