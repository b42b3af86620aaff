import { messageOf } from "../../base/errors/message";
import { isVerifiedImagesError } from "../../base/errors/base";
import { digestReference } from "../../base/reference/explicit";
import { addressOf } from "../../engines/registry/address";
import type { Brought } from "../../engines/registry/attached/count";
import type { Manifest, Registry } from "../../engines/registry/registry";
import { PromotionFailedError } from "../gate/errors";

/** The repositories of the targets that are not the image's own. */
export function otherRepositories(manifest: Manifest, targets: readonly string[]): string[] {
  const repositories = new Set(targets.map((target) => addressOf(target).repository));
  repositories.delete(manifest.repository);
  return [...repositories];
}

/**
 * Copies signatures, attestations and all else that belongs to an image into the repositories of its targets. That is done
 * before any tag is moved, so that nobody sees the tag without them.
 *
 * @returns what came along to each repository; empty: the targets are in the image's own repository
 * @throws {PromotionFailedError} when it can't be told what belongs to the image, or it can't be copied
 */
export async function bringAlong(
  registry: Registry,
  manifest: Manifest,
  targets: readonly string[],
  signal?: AbortSignal,
): Promise<Brought[]> {
  const repositories = otherRepositories(manifest, targets);
  if (repositories.length === 0) return [];
  const name = digestReference(manifest.repository, manifest.digest);
  const brought: Brought[] = [];
  try {
    const attached = await registry.attached(manifest);
    for (const repository of repositories) brought.push(await registry.bring(attached, repository, signal));
    return brought;
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    throw new PromotionFailedError(
      `promotion of ${name} failed: its signatures, attestations and referrers could not be brought along: ` +
        `${messageOf(error)}; no tag was moved`,
      { cause: error },
    );
  }
}
