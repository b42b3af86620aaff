/** What it takes to tell whether one image is built on another one. */
export interface Ancestry {
  /** Image ID. */
  id: string;
  tags: string[];
  repoDigests: string[];
  labels: Record<string, string>;
  /** Digests of the uncompressed layers, the lowest first (OCI image spec, rootfs). */
  layers: string[];
}

/** One entry of an image's history. */
export interface HistoryStep {
  createdBy: string;
  /** Unix time, seconds. */
  created: number;
}

/** An image that a label may have come from. */
export interface LabelledBase {
  id: string;
  /** The name that people know it by: a tag, else a digest reference, else the ID. */
  name: string;
}

/** Labels by which builders say what an image is built on (OCI image spec, annotations). */
export const BASE_DIGEST = "org.opencontainers.image.base.digest";
export const BASE_NAME = "org.opencontainers.image.base.name";

function isPrefix<T>(start: readonly T[], whole: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return start.length <= whole.length && start.every((item, index) => equal(item, whole[index] as T));
}

const sameStep = (a: HistoryStep, b: HistoryStep): boolean =>
  a.createdBy === b.createdBy && a.created === b.created;

/** Whether all of the other image's history comes first in an image's. */
export function continuesHistory(history: {
  image: readonly HistoryStep[];
  other: readonly HistoryStep[];
}): boolean {
  return isPrefix(history.other, history.image, sameStep);
}

/** A reference with its tag made explicit, in no form but Docker's own. */
const tagged = (name: string): string => (/[:@][^/]*$/.test(name) ? name : `${name}:latest`);

/** Whether an image says of itself that the other one is its base. */
function namesAsBase(image: Ancestry, other: Ancestry): boolean {
  const digest = (image.labels[BASE_DIGEST] ?? "").trim();
  if (digest !== "") {
    return other.id === digest || other.repoDigests.some((reference) => reference.endsWith(`@${digest}`));
  }
  const name = (image.labels[BASE_NAME] ?? "").trim().replace(/^docker\.io\/(?:library\/)?/, "");
  return name !== "" && other.tags.includes(tagged(name));
}

/** Whether the other image's layers are the lowest ones of an image: without that its history need not be read. */
export function mayBeBase(image: Ancestry, other: Ancestry): boolean {
  if (other.id === image.id) return false;
  return isPrefix(other.layers, image.layers, (a, b) => a === b) || namesAsBase(image, other);
}

/**
 * Whether an image is built on another one: all of the other's layers come first in it, and so does all of the other's
 * history, with more after it. So two builds of one Dockerfile are not each other's bases, but an image that adds
 * metadata alone has one. Or the image says so itself.
 *
 * @param history of both, the oldest entry first
 */
export function isBase(
  image: Ancestry,
  other: Ancestry,
  history: { image: readonly HistoryStep[]; other: readonly HistoryStep[] },
): boolean {
  if (other.id === image.id) return false;
  if (namesAsBase(image, other)) return true;
  // Nothing at all comes first in everything.
  if (history.other.length === 0) return false;
  return (
    isPrefix(other.layers, image.layers, (a, b) => a === b) &&
    history.other.length < history.image.length &&
    isPrefix(history.other, history.image, sameStep)
  );
}

/**
 * Whether an instruction of the image's own recipe has set the label to this value: one in that part of its history that
 * the other image does not have.
 */
export function setsLabelItself(
  label: string,
  value: string,
  history: { image: readonly HistoryStep[]; other: readonly HistoryStep[] },
): boolean {
  const shared = history.image.findIndex((step, index) => {
    const other = history.other[index];
    return other === undefined || !sameStep(step, other);
  });
  return history.image.slice(shared === -1 ? history.image.length : shared).some(({ createdBy }) => {
    const words = createdBy.replace(/^\/bin\/sh -c #\(nop\)\s+/, "").split(/\s+/);
    return words[0] === "LABEL" && words.includes(`${label}=${value}`);
  });
}

/** What people know an image by. */
export function nameOf({ tags, repoDigests, id }: Ancestry): string {
  return tags[0] ?? repoDigests[0] ?? id;
}
