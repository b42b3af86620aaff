import { isVerifiedImagesError } from "../../base/errors/base";
import { shortDigest } from "../../base/reference/digest";
import { parseTagReference } from "../../base/reference/explicit";
import type { Warning } from "../../base/words/warning";
import type { Registry } from "./registry";

const PUSH = "Run `pulumi up`: it pushes the image, and builds nothing for it.";

/** Whether an image's pushed references still stand for it. */
export interface PushObservation {
  /** One for each reference that has to be pushed. */
  drift: Warning[];
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
  const drift: Warning[] = [];
  let doubt: string | null = null;
  for (const reference of references.map(parseTagReference)) {
    if (pushed === null) {
      drift.push({ what: `not pushed yet: ${reference}`, why: null, todo: PUSH });
      continue;
    }
    try {
      const now = await registry.digestOf(reference);
      if (now === pushed) continue;
      const what =
        now === null
          ? `pushed tag gone: the registry has no ${reference} any more`
          : `pushed tag moved: ${reference} is ${shortDigest(now)} now, and ${shortDigest(pushed)} was pushed`;
      drift.push({ what, why: null, todo: PUSH });
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      doubt ??= error.message;
    }
  }
  return { drift, doubt };
}
