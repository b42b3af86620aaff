import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../base/errors/store-error";
import { parseHistory, type History } from "./history";

/** Where a store keeps the receipts of promotions. */
export function historyFile(root: string): string {
  return join(root, "promotions.jsonl");
}

/** Where lines go that a crash has cut off. */
export function tornFile(root: string): string {
  return `${historyFile(root)}.torn`;
}

/**
 * A store's history; empty when it has none.
 *
 * @throws {StoreError} when it can't be read
 */
export async function readHistory(root: string): Promise<History> {
  const file = historyFile(root);
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw new StoreError(`the history of promotions ${file} can't be read`, file, { cause: error });
  });
  return parseHistory(bytes);
}
