import { parseDigest } from "../../base/reference/digest";
import type { Digest } from "../../base/reference/types";
import type { Previous } from "../../promote/gate/point-all";
import { namesRegistry } from "../../engines/registry/address";
import type { Properties } from "../host/properties";

/**
 * What each target stood for before it stood for this image. One that was there already, perhaps because an update
 * was killed after it, had what the state says.
 *
 * @param now what each target stood for just before
 * @param olds the promotion on record on this engine; null: there is none
 */
export function previousOf(
  targets: readonly string[],
  now: Previous,
  promoted: { imageId: string; digest: string | null },
  olds: Readonly<Properties> | null,
): Previous {
  const earlier = (olds?.previous ?? {}) as Previous;
  const recorded = (olds?.targets ?? []) as string[];
  const isAnother = olds !== null && olds.imageId !== promoted.imageId;
  const before = (target: string): Digest | null => {
    const at = now[target] ?? null;
    if (at !== null && at !== promoted.imageId && at !== promoted.digest) return at;
    if (at === null || !isAnother || !recorded.includes(target))
      return at === null ? null : (earlier[target] ?? null);
    return parseDigest(String(namesRegistry(target) ? (olds.digest ?? olds.imageId) : olds.imageId));
  };
  return Object.fromEntries(targets.map((target) => [target, before(target)]));
}
