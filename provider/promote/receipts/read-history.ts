import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../base/errors/store-error";
import { parseHistory, type History } from "./history";

/** The file in which a store keeps the receipts of promotions. */
export function historyFile(root: string): string {
  return join(root, "promotions.jsonl");
}

/** The file to which lines are moved that a crash cut off. */
export function tornFile(root: string): string {
  return `${historyFile(root)}.torn`;
}

/**
 * A store's history; empty when the store has none.
 *
 * @throws {StoreError} when the file can't be read
 */
export async function readHistory(root: string): Promise<History> {
  const file = historyFile(root);
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw new StoreError(`the history of promotions ${file} can't be read`, file, { cause: error });
  });
  return parseHistory(bytes);
}
