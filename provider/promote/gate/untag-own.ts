import type { ImageId } from "../../base/reference/types";
import type { Engine } from "../../engines/engine";

/**
 * Removes those targets that still point at the image. A target that someone has moved since is theirs.
 *
 * @returns the targets that were left alone
 */
export async function untagOwn(
  engine: Engine,
  imageId: ImageId,
  targets: readonly string[],
): Promise<string[]> {
  const now = await engine.inspect(targets);
  const left: string[] = [];
  for (const target of targets) {
    const facts = now.get(target) ?? null;
    if (facts === null) continue;
    if (facts.id === imageId) await engine.untag(target, imageId);
    else left.push(target);
  }
  return left;
}
