import { isVerifiedImagesError } from "../../base/errors/base";
import { shortDigest } from "../../base/reference/digest";
import { parseTagReference } from "../../base/reference/explicit";
import type { Registry } from "./registry";

/** Whether an image's pushed references still stand for it. */
export interface PushObservation {
  /** A sentence for each reference that has to be pushed. */
  drift: string[];
  /** Why this could not be told for some reference; else null. */
  doubt: string | null;
}

/**
 * Asks registries whether the references in `push` still stand for what was pushed.
 *
 * @param pushed the recorded digest; null: nothing was pushed yet
 */
export async function observePush(
  registry: Registry,
  references: readonly string[],
  pushed: string | null,
): Promise<PushObservation> {
  const drift: string[] = [];
  let doubt: string | null = null;
  for (const reference of references.map(parseTagReference)) {
    if (pushed === null) {
      drift.push(`not pushed yet: ${reference}; the next update pushes the image, and builds nothing for it`);
      continue;
    }
    try {
      const now = await registry.digestOf(reference);
      if (now === pushed) continue;
      const words =
        now === null
          ? `pushed tag gone: the registry has no ${reference} any more`
          : `pushed tag moved: ${reference} is ${shortDigest(now)} now, and ${shortDigest(pushed)} was pushed`;
      drift.push(`${words}; the next update pushes the image again, and builds nothing for it`);
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      doubt ??= error.message;
    }
  }
  return { drift, doubt };
}
