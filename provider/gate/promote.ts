import type { Engine, ImageFacts } from "../engine/engine";
import { PromotionFailedError } from "./errors";

/** Target reference -> image ID that it had before, or null when it was not there. */
export type Previous = Record<string, string | null>;

/**
 * Points every target at the image, by its ID, and reads each one back. When one of them can't be moved,
 * those before it are put back to where they were.
 *
 * @returns what each target pointed to before
 * @throws {PromotionFailedError} naming the target that could not be moved
 */
export async function tagAll(
  engine: Engine,
  image: ImageFacts,
  targets: readonly string[],
): Promise<Previous> {
  const before = await engine.inspect(targets);
  const previous: Previous = {};
  for (const target of targets) previous[target] = before.get(target)?.id ?? null;
  const moved: string[] = [];
  try {
    for (const target of targets) {
      if (previous[target] === image.id) continue;
      moved.push(target);
      await engine.tag(image.id, target);
      const there = (await engine.inspect([target])).get(target) ?? null;
      if (there?.id !== image.id) {
        throw new PromotionFailedError(
          `${target} was tagged with ${image.id}, but names ${there?.id ?? "nothing"} when read back`,
        );
      }
    }
    return previous;
  } catch (error) {
    const notRestored = await restore(engine, moved, previous);
    const detail = error instanceof Error ? error.message : String(error);
    const after =
      notRestored.length === 0
        ? "every target is as it was before"
        : `these targets could not be put back: ${notRestored.join(", ")}`;
    throw new PromotionFailedError(`promotion of ${image.id} failed: ${detail}; ${after}`, { cause: error });
  }
}

async function restore(engine: Engine, moved: readonly string[], previous: Previous): Promise<string[]> {
  const failed: string[] = [];
  for (const target of [...moved].reverse()) {
    try {
      const id = previous[target] ?? null;
      if (id === null) await engine.untag(target);
      else await engine.tag(id, target);
    } catch {
      failed.push(target);
    }
  }
  return failed;
}

/**
 * Removes those targets that still point at the image. A target that someone has moved since is theirs.
 *
 * @returns the targets that were left alone
 */
export async function untagOwn(
  engine: Engine,
  imageId: string,
  targets: readonly string[],
): Promise<string[]> {
  const now = await engine.inspect(targets);
  const left: string[] = [];
  for (const target of targets) {
    const facts = now.get(target) ?? null;
    if (facts === null) continue;
    if (facts.id === imageId) await engine.untag(target);
    else left.push(target);
  }
  return left;
}
