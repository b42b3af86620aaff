import type { Engine } from "../engine";
import { messageOf } from "../../base/errors/message";
import { isCancelled } from "../../base/process/command-error";
import { KeyedMutex } from "../../base/process/keyed-mutex";
import { isSameDigest } from "../../base/reference/digest";
import type { ImageId } from "../../base/reference/types";
import { addressOf } from "./address";
import { DigestMismatchError, NotAnImageError, RegistryError } from "./errors";
import { advice } from "./explain";
import { onceSettled } from "./settled";
import type { Registry, RegistryImage } from "./registry";

/** Lets one push at a time use a content tag, because the tag is removed from the engine after the push. */
const pushes = new KeyedMutex();

/** The tag with which an image is pushed. It is named after the image's content, so nobody has a reason to move it. */
export function contentTag(repository: string, imageId: ImageId): string {
  return `${repository}:verified-images-${imageId.replace(/^sha256:/, "")}`;
}

/**
 * Whether an image in a registry is this image of an engine. An image ID is the digest of the configuration or, in an
 * engine with the containerd image store, that of the manifest or index.
 */
export function isImage(found: RegistryImage, imageId: ImageId): boolean {
  const [only] = found.images;
  if (isSameDigest(found.digest, imageId)) return true;
  return !found.isIndex && only !== undefined && isSameDigest(only.configDigest, imageId);
}

/**
 * Makes sure that an image of the engine is in a repository of these targets, and says where. It may be there already:
 * at a target, or where it was pushed before. Otherwise it is pushed now. A tag could be moved in between. So the image
 * is tagged by its ID, and what the registry has afterwards is compared with that ID.
 *
 * @param targets at least one; each names a registry's host
 * @throws {DigestMismatchError} when another image has arrived
 * @throws {RegistryError} when the registry can't be read or written
 */
export async function ensurePushed(
  engine: Engine,
  registry: Registry,
  imageId: ImageId,
  targets: readonly string[],
  signal?: AbortSignal,
): Promise<RegistryImage> {
  const repositories = [...new Set(targets.map((target) => addressOf(target).repository))];
  for (const place of [...targets, ...repositories.map((repository) => contentTag(repository, imageId))]) {
    const found = await registry.describe(place).catch((error: unknown) => {
      // It is a chart or another artifact, so it is not this image. The search goes on.
      if (error instanceof NotAnImageError) return null;
      throw error;
    });
    if (found !== null && isImage(found, imageId)) return found;
  }
  const [repository = ""] = repositories;
  const tag = contentTag(repository, imageId);
  await pushAs(engine, imageId, tag, signal);
  const arrived = await registry.describe(tag);
  if (arrived === null) throw new RegistryError(`${tag} was pushed, but its registry does not have it`);
  if (!isImage(arrived, imageId)) {
    const what = arrived.images.map(({ configDigest }) => configDigest).join(", ");
    throw new DigestMismatchError(
      `${imageId} was pushed as ${tag}, but the registry has another image there (${arrived.digest}, of ${what}); somebody may have moved the tag`,
    );
  }
  return arrived;
}

async function pushAs(engine: Engine, imageId: ImageId, tag: string, signal?: AbortSignal): Promise<void> {
  const leave = await pushes.enter(tag, { signal });
  try {
    await engine.tag(imageId, tag);
    try {
      await onceSettled(() => engine.push(tag, signal), signal);
    } catch (error) {
      // The error of the push is the one to report, even if the tag can't be removed either.
      await engine.untag(tag).catch(() => undefined);
      throw error;
    }
    await engine.untag(tag);
  } catch (error) {
    if (isCancelled(error)) throw error;
    const { host, repository } = addressOf(tag);
    const words = messageOf(error);
    throw new RegistryError(
      `${imageId} could not be pushed to ${repository}: ${words}; ${advice(words, host)}`,
      {
        cause: error,
      },
    );
  } finally {
    leave();
  }
}
