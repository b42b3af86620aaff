import { lstat, realpath, rename, rm } from "node:fs/promises";
import type { Digest, ImageId } from "../../base/reference/types";
import { nameBeside } from "../../base/process/leftovers";
import { refused, SifPathError } from "../sif/errors";
import { sifFiles } from "../sif/files";
import { idAt } from "../sif/open-sif";
import { cloneOrLink, keepAs, sweepBeside } from "./beside";
import type { Place } from "./places";

/** The paths of SIF images, as places of targets. What was at a path is kept beside it until `settle`. */
export interface SifPlace extends Place {
  /**
   * Removes what was kept to put targets back to, except for those targets that could not be put back.
   *
   * @returns where what they had is kept: target -> path
   */
  settle(notBack?: readonly string[]): Promise<Map<string, string>>;
}

/**
 * Points paths at a SIF image. A path gets the content of its file under a second name. That name is made beside the path,
 * its content is compared with the ID, and then it takes the path's place in one step: a reader sees the old image or the
 * new one.
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
      await cloneOrLink(await realpath(file), next);
      const id = (await lstat(next)).isFile() ? await idAt(next) : null;
      if (id !== imageId)
        throw new SifPathError(
          file,
          `is ${id ?? "another file"} now, and not the ${imageId} that was judged`,
        );
      const name = nameBeside(target);
      if (!kept.has(target) && (await keepAs(target, name))) kept.set(target, name);
      await rename(next, target);
    } finally {
      await rm(next, { force: true });
    }
  }

  async function back(target: string, to: Digest | null): Promise<void> {
    const name = kept.get(target);
    if (name !== undefined && (await idAt(name)) === to) {
      await rename(name, target);
      kept.delete(target);
    } else if (to === null) await rm(target, { force: true });
    else throw new SifPathError(target, `the image ${to} that was there before was not kept`);
  }

  return {
    promoted: imageId,
    where: (targets) => sifFiles.ids(targets),
    point: (target, to) =>
      explained(target, async () => {
        await sweepBeside(target);
        await (to === imageId ? put(target) : back(target, to));
      }),
    clear: (target) => explained(target, () => back(target, null)),
    async settle(notBack = []) {
      for (const [target, name] of kept)
        if (!notBack.includes(target)) await rm(name, { force: true }).catch(() => undefined);
      return new Map([...kept].filter(([target]) => notBack.includes(target)));
    },
  };
}

/** Does something to a path; what the operating system refuses is said in words. */
async function explained(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SifPathError) throw error;
    throw refused(path, "can't be written", error);
  }
}

/**
 * Removes those paths that still have the image. A path that somebody has given another image since then is left alone, and
 * so is a symbolic link, because no promotion makes one.
 *
 * @returns the paths that were left alone
 * @throws {SifPathError} when that can't be told of a path, or it can't be removed; the others are done then
 */
export async function removeOwn(imageId: ImageId, targets: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  const failures: unknown[] = [];
  for (const target of targets) {
    try {
      await sweepBeside(target);
      const id = await idAt(target);
      if (id === null) continue;
      if (id !== imageId || (await lstat(target)).isSymbolicLink()) left.push(target);
      else await explained(target, () => rm(target, { force: true }));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return left;
}
