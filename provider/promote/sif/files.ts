import type { ImageId } from "../../base/reference/types";
import { describeSif, type SifImage } from "./describe";
import { idAt } from "./open-sif";

/** SIF images by their paths. */
export interface SifFiles {
  /** The ID of what is at each path; null: nothing is there. Throws when that can't be told. */
  ids(paths: readonly string[]): Promise<Map<string, ImageId | null>>;
  /** The image at a path; null: nothing is there. Throws when it is no SIF image, or can't be read. */
  describe: (path: string) => Promise<SifImage | null>;
}

/** The SIF images of this machine's file system. */
export const sifFiles: SifFiles = {
  async ids(paths) {
    const ids = paths.map(async (path) => [path, await idAt(path)] as const);
    return new Map(await Promise.all(ids));
  },
  describe: describeSif,
};
