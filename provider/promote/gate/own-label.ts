import { resolve } from "node:path";
import type { Engine, ImageFacts } from "../../engines/engine";
import { continuesHistory, setsLabelItself, type LabelledBase } from "../../engines/ancestry";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { PlatformImage } from "../../engines/registry/registry";
import { findBuild } from "../../store/find-image";
import type { Clause } from "./clause";
import type { NamedBase } from "./named-base";
import { REVISION_LABEL, revisionIn } from "../../base/revision/verdict";

/** What is known of where an image has its revision label from. */
export type LabelOrigin =
  /** The store has the build, with this revision: it was stamped here. */
  | { stamped: true }
  /** Images that it is built on and that have the very same label. */
  | { stamped: false; bases: LabelledBase[] }
  /** Nobody knows what it is built on, for this reason, and no store has it. */
  | { stamped: false; bases: null; why: string }
  | { unknown: string };

/**
 * Where an image has its revision label from. What the engine or the store don't tell is unknown.
 *
 * @param root artifact store whose record of the image proves that the label was stamped on it; null: none
 */
export async function labelOrigin(
  engine: Engine,
  image: ImageFacts,
  root: string | null,
): Promise<LabelOrigin> {
  const value = image.labels[REVISION_LABEL] ?? "";
  try {
    const bases = await engine.basesWith(image.id, REVISION_LABEL, value);
    if (bases.length > 0 && root !== null && (await hasStamped(root, image.id, value))) {
      return { stamped: true };
    }
    return { stamped: false, bases };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { unknown: error.message };
  }
}

/**
 * The same of an image in a registry, which has one base at most: that which the image names itself.
 *
 * @param imageId by which the store may have it
 * @param readBase asked only where the store does not prove the label
 */
export async function labelOriginInRegistry(
  image: PlatformImage,
  imageId: string,
  root: string | null,
  readBase: () => Promise<NamedBase>,
): Promise<LabelOrigin> {
  const value = revisionIn(image.labels);
  try {
    const stamped = root !== null && (await hasStamped(root, imageId, value));
    if (stamped) return { stamped };
    const base = await readBase();
    if ("unknown" in base) return base;
    if ("why" in base) return { stamped, bases: null, why: base.why };
    const same = revisionIn(base.image.labels) === value;
    const history = { image: image.history, other: base.image.history };
    // Where the base's history does not come first, an instruction in the image's may be the base's.
    const own = continuesHistory(history) && setsLabelItself(REVISION_LABEL, value, history);
    return { stamped, bases: same && !own ? [{ id: base.digest, name: base.name }] : [] };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { unknown: error.message };
  }
}

/** Whether the store has built this image with this revision. */
async function hasStamped(root: string, imageId: string, value: string): Promise<boolean> {
  const record = (await findBuild(resolve(root), imageId))?.record;
  return record !== undefined && (record.revision ?? record.labels[REVISION_LABEL]) === value;
}

/** What the gate says of that. */
export function originClause(origin: LabelOrigin): Clause {
  const property = "source";
  if ("unknown" in origin) {
    const message = `whether the label ${REVISION_LABEL} is the image's own can't be told: ${origin.unknown}`;
    return { property, ok: false, message };
  }
  if (origin.stamped) {
    return { property, ok: true, message: "the label is the image's own: the store has it as built with it" };
  }
  if (origin.bases === null) {
    const message =
      `whether the label ${REVISION_LABEL} is the image's own or one of a base's can't be told: ` +
      origin.why;
    return { property, ok: true, message };
  }
  const [base, ...more] = origin.bases;
  if (base === undefined) {
    return { property, ok: true, message: "no base image with the same label is known here" };
  }
  const names = [base, ...more].map(({ name, id }) => (name === id ? id : `${name} (${id})`)).join(", ");
  return {
    property,
    ok: false,
    message:
      `the image's label ${REVISION_LABEL} may be inherited and not its own: ${names}, which it is built on, has the same; ` +
      "stamp the image itself (revision of ReproducibleImage, with root here, or a LABEL in the recipe after its last FROM)",
  };
}
