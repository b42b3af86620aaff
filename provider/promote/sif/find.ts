import { resolve } from "node:path";
import { isImageId } from "../../base/reference/digest";
import { digestsOfFile } from "../../engines/image-digests";
import { findBuildOf } from "../../store/find-image";
import { describeSif, type SifImage } from "./describe";
import { SifMissingError, SifPathError } from "./errors";

/**
 * Finds the SIF image that a promotion's source stands for: the file at a path, or the store's file with that hash.
 *
 * @throws {SifMissingError} when there is none
 * @throws {SifError} when it is no SIF image, or is damaged
 */
export async function findSif(
  source: string,
  root: string | null,
  describe: (file: string) => Promise<SifImage | null> = describeSif,
): Promise<SifImage> {
  if (!isImageId(source)) {
    const image = await describe(source).catch((error: unknown) => {
      if (error instanceof SifPathError && error.hasNoFolder) return null;
      throw error;
    });
    if (image === null) throw new SifMissingError(source, "no file has this path");
    return image;
  }
  if (root === null)
    throw new SifMissingError(source, "only a store finds an image by its ID, and none is named (root)");
  const { build } = await findBuildOf(resolve(root), digestsOfFile(source));
  if (build === null) throw new SifMissingError(source, `the store ${root} has no build of it`);
  const image = await describe(build.paths.sif);
  if (image === null) throw new SifMissingError(source, `its file ${build.paths.sif} is gone from the store`);
  if (image.id === source) return image;
  throw new SifMissingError(source, `its file ${build.paths.sif} is ${image.id} now`);
}
