import { realpath, rename, rm } from "node:fs/promises";
import { messageOf } from "../../base/errors/message";
import { refusalOf } from "../../base/errors/system-error";
import type { Digest, ImageId } from "../../base/reference/types";
import type { Place } from "./places";
import { linkOrCopy, nameBeside, sweepBeside } from "./beside";
import { SifPathError } from "../sif/errors";
import { idAt } from "../sif/open-sif";

/** The paths of SIF images, as places of targets. What was at a path is kept beside it until `settle`. */
export interface SifPlace extends Place {
  /** Removes what was kept to put targets back to. */
  settle(): Promise<void>;
}

/**
 * Points paths at a SIF image. A path gets a hard link to its file, or across file systems a copy. The link is made beside
 * the path, its content is compared with the ID, and then it takes the path's place in one step: a reader sees the old image
 * or the new one.
 *
 * @param file where the image was found
 */
export function sifPlace(file: string, imageId: ImageId): SifPlace {
  /** Target -> another name of what it was before. */
  const kept = new Map<string, string>();

  async function put(target: string): Promise<void> {
    const next = nameBeside(target);
    try {
      // A link to a symbolic link would go on following it.
      await linkOrCopy(await realpath(file), next);
      const id = await idAt(next);
      if (id !== imageId)
        throw new SifPathError(file, `is ${id ?? "gone"} now, and not the ${imageId} that was judged`);
      await keep(target);
      await rename(next, target);
    } finally {
      await rm(next, { force: true });
    }
  }

  async function keep(target: string): Promise<void> {
    if (kept.has(target)) return;
    const name = nameBeside(target);
    try {
      await linkOrCopy(target, name);
      kept.set(target, name);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }

  async function back(target: string, to: Digest): Promise<void> {
    const name = kept.get(target);
    if (name === undefined || (await idAt(name)) !== to)
      throw new SifPathError(target, `the image ${to} that was there before was not kept`);
    await rename(name, target);
    kept.delete(target);
  }

  return {
    promoted: imageId,
    async where(targets) {
      const ids = targets.map(async (target) => [target, await idAt(target)] as const);
      return new Map(await Promise.all(ids));
    },
    point: (target, to) =>
      explained(target, async () => {
        await sweepBeside(target);
        await (to === imageId ? put(target) : back(target, to));
      }),
    clear: (target) => explained(target, () => rm(target, { force: true })),
    async settle() {
      for (const name of kept.values()) await rm(name, { force: true }).catch(() => undefined);
      kept.clear();
    },
  };
}

/** Does something to a path; what the operating system refuses is said in words. */
async function explained(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SifPathError) throw error;
    throw new SifPathError(path, `can't be written: ${refusalOf(error) ?? messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Removes those paths that still have the image. A path that somebody has given another image since then is left alone.
 *
 * @returns the paths that were left alone
 */
export async function removeOwn(imageId: ImageId, targets: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const target of targets) {
    const id = await idAt(target);
    if (id === imageId) await explained(target, () => rm(target, { force: true }));
    else if (id !== null) left.push(target);
  }
  return left;
}
