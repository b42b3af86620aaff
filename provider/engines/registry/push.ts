import type { Engine } from "../engine";
import { messageOf } from "../../base/errors/message";
import { isCancelled } from "../../base/process/command-error";
import { KeyedMutex } from "../../base/process/keyed-mutex";
import type { ImageId } from "../../base/reference/types";
import { addressOf } from "./address";
import { DigestMismatchError, NotAnImageError, RegistryError } from "./errors";
import { advice } from "./explain";
import { onceSettled } from "./settled";
import type { Registry, RegistryImage } from "./registry";

/** One push of an image to a repository at a time: the tag that it goes by is taken away afterwards. */
const pushes = new KeyedMutex();

/** The tag that an image is pushed by: named after its content, so that nobody has reason to move it. */
export function contentTag(repository: string, imageId: ImageId): string {
  return `${repository}:verified-images-${imageId.replace(/^sha256:/, "")}`;
}

/**
 * Whether what a registry has is this image of an engine. An image ID is the digest of the configuration, or in an
 * engine with the containerd store that of the manifest or index.
 */
export function isImage(found: RegistryImage, imageId: ImageId): boolean {
  if (found.digest === imageId) return true;
  return !found.isIndex && found.images[0]?.configDigest === imageId;
}

/**
 * Where in the repositories of these targets an image of the engine is: where a target stands for it already, where it
 * was pushed to before, else pushed now. No name is trusted that could move in between: the image is tagged by its ID,
 * and what the registry has afterwards is compared with that ID.
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
      // A chart or another artifact: surely not this image, and no reason to refuse.
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
      // Why the push has failed is what counts, also when the tag can't be taken away.
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
