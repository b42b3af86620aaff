import { resolve } from "node:path";
import type { Engine, ImageFacts } from "../../engines/engine";
import { continuesHistory, setsLabelItself, type LabelledBase } from "../../engines/ancestry";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { PlatformImage } from "../../engines/registry/registry";
import { digestsOf, type ImageDigests } from "../../engines/image-digests";
import { findBuildOf } from "../../store/find-image";
import type { BuildRecord } from "../../store/record";
import type { Clause } from "./clause";
import type { NamedBase } from "./named-base";
import { REVISION_LABEL, revisionIn } from "../../base/revision/verdict";

/** Where an image got its revision label from, as far as that is known. */
export type LabelOrigin =
  /** The store recorded the build of this image with this revision, so the label is its own. */
  | { stamped: true }
  /** Images that it is built on and that have the same label: the label may be inherited. None: it is its own. */
  | { stamped: false; bases: LabelledBase[]; definition?: true }
  /** What it is built on is not known, for the reason `why`, and no store has its build. */
  | { stamped: false; bases: null; why: string }
  /** The store has the build, but the image may have files of another revision, for this reason. */
  | { doubted: string }
  /** The question could not be answered, for this reason. */
  | { unknown: string };

const NO_BASE = "no image that it is built on is on the engine, and no store that was asked has built it";

/**
 * Where an image on an engine got its revision label from. If the engine or the store fails to answer, it is unknown.
 *
 * @param root artifact store; its record of the image proves that the label was stamped on it; null: no store
 */
export async function labelOrigin(
  engine: Engine,
  image: ImageFacts,
  root: string | null,
): Promise<LabelOrigin> {
  const value = image.labels[REVISION_LABEL] ?? "";
  try {
    const bases = await engine.basesWith(image.id, REVISION_LABEL, value);
    const digests = root === null ? null : digestsOf(image, await engine.identity());
    const build =
      root === null || digests === null ? null : (await findBuildOf(resolve(root), digests)).build;
    if (build !== null && isStamped(build.record, value)) return stampedBy(build.record);
    const isTold = bases.length > 0 || build !== null || (await engine.knowsBase(image.id));
    return isTold ? { stamped: false, bases } : { stamped: false, bases: null, why: NO_BASE };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { unknown: error.message };
  }
}

/**
 * The same for an image in a registry. Only one base can be compared: the one that the image names.
 *
 * @param digests what the image is known by
 * @param readBase called only when the store has no record of the label
 */
export async function labelOriginInRegistry(
  image: PlatformImage,
  digests: ImageDigests,
  root: string | null,
  readBase: () => Promise<NamedBase>,
): Promise<LabelOrigin> {
  const value = revisionIn(image.labels);
  try {
    const build = root === null ? null : (await findBuildOf(resolve(root), digests)).build;
    if (build !== null && isStamped(build.record, value)) return stampedBy(build.record);
    const base = await readBase();
    if ("unknown" in base) return base;
    if ("why" in base) return { stamped: false, bases: null, why: base.why };
    const same = revisionIn(base.image.labels) === value;
    const history = { image: image.history, other: base.image.history };
    // An instruction counts as the image's own only if its history continues that of the base.
    const own = continuesHistory(history) && setsLabelItself(REVISION_LABEL, value, history, image.labels);
    return { stamped: false, bases: same && !own ? [{ id: base.digest, name: base.name }] : [] };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { unknown: error.message };
  }
}

/** A build that was stamped while its files changed is of no revision for certain. */
export const stampedBy = ({ contextChanged }: BuildRecord): LabelOrigin =>
  contextChanged === undefined ? { stamped: true } : { doubted: contextChanged };

/** Whether a build was made with this revision. */
export function isStamped({ revision, labels }: BuildRecord, value: string): boolean {
  return (revision ?? labels[REVISION_LABEL]) === value;
}

/**
 * The gate's clause about the label's origin.
 *
 * @param strict whether only a verified image may pass: then the origin has to be known
 */
export function originClause(origin: LabelOrigin, strict: boolean): Clause {
  const property = "source";
  if ("unknown" in origin) {
    const message = `whether the label ${REVISION_LABEL} is the image's own can't be told: ${origin.unknown}`;
    return { property, ok: false, message };
  }
  if ("doubted" in origin) {
    const message = `the store has the image as built with the label ${REVISION_LABEL}, but that is in doubt: ${origin.doubted}`;
    return { property, ok: false, message };
  }
  if (origin.stamped) {
    return { property, ok: true, message: "the label is the image's own: the store has it as built with it" };
  }
  if (origin.bases === null) {
    const message =
      `whether the label ${REVISION_LABEL} is the image's own or one of a base's can't be told: ` +
      origin.why;
    return { property, ok: !strict, message, doubt: true };
  }
  const [base, ...more] = origin.bases;
  if (base === undefined) {
    return { property, ok: true, message: "no base image with the same label is known here" };
  }
  const names = [base, ...more].map(({ name, id }) => (name === id ? id : `${name} (${id})`)).join(", ");
  const byRecipe = origin.definition
    ? "%labels in the definition"
    : "a LABEL in the recipe after its last FROM";
  return {
    property,
    ok: false,
    message:
      `the image's label ${REVISION_LABEL} may be inherited and not its own: ${names}, which it is built on, has the same; ` +
      "stamp the image itself (revision of ReproducibleImage, with root here, or " +
      `${byRecipe})`,
  };
}
