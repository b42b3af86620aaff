import type { Engine, ImageFacts } from "../engine/engine";
import { PromotionFailedError } from "./errors";
import { messageOf } from "../errors/message";

/** Target reference -> image ID that it had before, or null when it was not there. */
export type Previous = Record<string, string | null>;

/**
 * Points every target at the image, by its ID, and reads each one back. When one of them can't be moved,
 * those before it are put back to where they were, unless someone else has moved them since.
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
    const { failed, foreign } = await restore(engine, image.id, moved, previous);
    const detail = messageOf(error);
    const after: string[] = [];
    if (failed.length > 0) after.push(`these targets could not be put back: ${failed.join(", ")}`);
    if (foreign.length > 0) after.push(`moved by someone else meanwhile, and left so: ${foreign.join(", ")}`);
    if (after.length === 0) after.push("every target is as it was before");
    throw new PromotionFailedError(`promotion of ${image.id} failed: ${[detail, ...after].join("; ")}`, {
      cause: error,
    });
  }
}

/** Puts targets back, as far as they still point at the image. */
async function restore(
  engine: Engine,
  imageId: string,
  moved: readonly string[],
  previous: Previous,
): Promise<{ failed: string[]; foreign: string[] }> {
  const failed: string[] = [];
  const foreign: string[] = [];
  for (const target of [...moved].reverse()) {
    try {
      const id = previous[target] ?? null;
      const now = (await engine.inspect([target])).get(target)?.id ?? null;
      if (now === id) continue;
      if (now !== imageId) foreign.push(target);
      else if (id === null) await engine.untag(target);
      else await engine.tag(id, target);
    } catch {
      failed.push(target);
    }
  }
  return { failed, foreign };
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
