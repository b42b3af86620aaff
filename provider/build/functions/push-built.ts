import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import type { Engine } from "../../engines/engine";
import { registryTags } from "../../promote/apply/places";
import { pointAll } from "../../promote/apply/point-all";
import { parseImageId } from "../../base/reference/digest";
import type { ImageId, RegistryDigest, TagReference } from "../../base/reference/types";
import { ensurePushed } from "../../engines/registry/push";
import type { Registry } from "../../engines/registry/registry";
import type { ImageOutputs } from "../roundtrip/image-outputs";

/** An image was built but could not be pushed. The build stays in the store. */
export class PushFailedError extends VerifiedImagesError {
  constructor(
    readonly reference: string,
    detail: string,
    /** What was built. */
    readonly evidence: ImageOutputs,
    options?: { cause?: unknown },
  ) {
    super(
      "push-failed",
      `${reference} was built, but not pushed: ${detail}; the build is kept, and the next run pushes it without building`,
      options,
    );
  }
}

/**
 * Pushes an image of the engine, by its ID, to each reference. A reference that points at it already is left alone.
 *
 * @param targets each names a registry's host
 * @returns the digest that all of them point at now; null for an empty list
 * @throws {RegistryError} when a registry refuses or does not answer
 * @throws {DigestMismatchError} when a registry has another digest than the one that was pushed
 * @throws {PromotionFailedError} when a reference could not be moved; those before it are put back
 */
export async function pushImage(
  engine: Engine,
  registry: Registry,
  imageId: ImageId,
  targets: readonly TagReference[],
  signal?: AbortSignal,
): Promise<RegistryDigest | null> {
  if (targets.length === 0) return null;
  const manifest = await ensurePushed(engine, registry, imageId, targets, signal);
  await pointAll([{ place: registryTags(registry, manifest, signal), targets }], imageId);
  return manifest.digest;
}

/**
 * Pushes what was built, and adds the digest to its outputs.
 *
 * @throws {PushFailedError} with the outputs as evidence
 */
export async function pushBuilt(
  engine: Engine,
  registry: Registry,
  outputs: ImageOutputs,
  targets: readonly TagReference[],
  signal?: AbortSignal,
): Promise<ImageOutputs> {
  try {
    const digest = await pushImage(engine, registry, parseImageId(outputs.imageId), targets, signal);
    return { ...outputs, digest };
  } catch (error) {
    throw new PushFailedError(outputs.reference, messageOf(error), outputs, { cause: error });
  }
}
