import { isVerifiedImagesError } from "../../base/errors/base";
import { explicit } from "./address";
import type { Registry } from "./registry";

/** What became of an image's pushed references. */
export interface PushObservation {
  /** A sentence for each reference that is due. */
  drift: string[];
  /** Why something could not be told, or null. */
  doubt: string | null;
}

const short = (digest: string): string => digest.replace(/^sha\d+:/, "").slice(0, 12);

/**
 * Asks registries whether the references of `push` still stand for what was pushed.
 *
 * @param pushed the digest on record; null: nothing was pushed yet
 */
export async function observePush(
  registry: Registry,
  references: readonly string[],
  pushed: string | null,
): Promise<PushObservation> {
  const drift: string[] = [];
  let doubt: string | null = null;
  for (const reference of references.map(explicit)) {
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
          : `pushed tag moved: ${reference} is ${short(now)} now, and ${short(pushed)} was pushed`;
      drift.push(`${words}; the next update pushes the image again, and builds nothing for it`);
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      doubt ??= error.message;
    }
  }
  return { drift, doubt };
}
