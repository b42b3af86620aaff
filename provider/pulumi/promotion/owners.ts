import { resolve } from "node:path";
import { isVerifiedImagesError } from "../../base/errors/base";
import { receiptsOf } from "../../promote/receipts/named";
import { readHistory } from "../../promote/receipts/read-history";
import { nameInReceipts } from "../../promote/receipts/target-name";
import type { PromotionState } from "./state";

/**
 * Which resource promoted last to a target, in this process. One process serves a whole update, so this also tells a
 * resource under a new name from the old one that Pulumi deletes after it, where no store keeps receipts.
 */
const promotedHere = new Map<string, string>();

const keyOf = (engineId: string | null, target: string): string => JSON.stringify([engineId, target]);

/** Remembers that a resource has promoted to these targets. */
export function remember(engineId: string | null, targets: readonly string[], urn: string | null): void {
  if (urn === null) return;
  for (const target of targets) promotedHere.set(keyOf(engineId, target), urn);
}

/** Targets that another resource has promoted to since, by who that is; or a sentence why that can't be told. */
export interface Owners {
  /** Target -> the other resource's URN, or `verified-images promote`. */
  others: Map<string, string>;
  /** Why it can't be told; null: it can. No tag may be removed then. */
  doubt: string | null;
}

/**
 * Finds the targets that belong to another resource by now: its promotion of this image to the target is the newest one.
 * That is so after a resource was renamed, because Pulumi creates the new one before it deletes the old one. It is also
 * so where another stack promotes to the same target.
 *
 * @param state of the resource that is about to remove its tags
 * @param root the store with the receipts; null: there is none
 */
export async function ownersOf(
  state: PromotionState,
  urn: string | null,
  root: string | null,
  targets: readonly string[],
): Promise<Owners> {
  const others = new Map<string, string>();
  for (const target of targets) {
    const here = promotedHere.get(keyOf(state.engineId, target));
    if (here !== undefined && here !== urn) others.set(target, here);
  }
  if (root === null || targets.length === 0) return { others, doubt: null };
  try {
    const history = await readHistory(resolve(root));
    for (const target of targets) {
      const newest = receiptsOf(history, nameInReceipts(root, target)).findLast(
        ({ imageId }) => imageId === state.imageId,
      );
      if (newest !== undefined && newest.urn !== urn) {
        others.set(target, newest.urn ?? "verified-images promote");
      }
    }
    return { others, doubt: null };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { others, doubt: error.message };
  }
}
