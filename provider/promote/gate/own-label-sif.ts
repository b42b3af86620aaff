import { resolve } from "node:path";
import { isVerifiedImagesError } from "../../base/errors/base";
import { REVISION_LABEL } from "../../base/revision/verdict";
import { digestsOfFile } from "../../engines/image-digests";
import { sourceOfLabel } from "../../recipe/definition/labels";
import { parseDefinition } from "../../recipe/definition/parse";
import { findBuildOf } from "../../store/find-image";
import { isStamped, stampedBy, type LabelOrigin } from "./own-label";
import type { SifImage } from "../sif/describe";

const unclear = (why: string): LabelOrigin => ({ stamped: false, bases: null, why });

/** Where the definition in an image says that the value of its revision label comes from. */
export function originByDefinition({
  definition,
  labels,
}: Pick<SifImage, "definition" | "labels">): LabelOrigin {
  if (definition === null) return unclear("the image has no definition in it, and no store has built it");
  try {
    const source = sourceOfLabel(parseDefinition(definition), REVISION_LABEL, labels[REVISION_LABEL] ?? "");
    if (source === "own") return { stamped: false, bases: [] };
    if (source === "unknown") return unclear("the definition in it does not set the label by %labels");
    return { stamped: false, bases: [{ id: source.base, name: source.base }], definition: true };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return unclear(`the definition in it can't be read: ${error.message}`);
  }
}

/**
 * Where a SIF image has its revision label from: the store's record of its build says it, or else the definition in it.
 *
 * @param root artifact store; null: none is asked
 */
export async function sifLabelOrigin(image: SifImage, root: string | null): Promise<LabelOrigin> {
  try {
    const { build } =
      root === null ? { build: null } : await findBuildOf(resolve(root), digestsOfFile(image.id));
    if (build !== null && isStamped(build.record, image.labels[REVISION_LABEL] ?? ""))
      return stampedBy(build.record);
    return originByDefinition(image);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { unknown: error.message };
  }
}
