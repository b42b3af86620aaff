/** What has to be known of two images to tell whether one is built on the other. */
export interface Ancestry {
  id: string;
  tags: string[];
  repoDigests: string[];
  labels: Record<string, string>;
  /** Digests of the uncompressed layers, lowest first (OCI image spec, rootfs). */
  layers: string[];
}

export interface HistoryStep {
  createdBy: string;
  /** Unix time in seconds. */
  created: number;
}

/** A base image from which a label may have been inherited. */
export interface LabelledBase {
  id: string;
  /** The name that people know it by: a tag, or else a digest reference, or else the ID. */
  name: string;
}

/** Labels in which builders name an image's base (OCI image spec, annotations). */
export const BASE_DIGEST = "org.opencontainers.image.base.digest";
export const BASE_NAME = "org.opencontainers.image.base.name";

function isPrefix<T>(start: readonly T[], whole: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return start.length <= whole.length && start.every((item, index) => equal(item, whole[index] as T));
}

const sameStep = (a: HistoryStep, b: HistoryStep): boolean =>
  a.createdBy === b.createdBy && a.created === b.created;

/** Whether an image's history begins with the whole history of another image. */
export function continuesHistory(history: {
  image: readonly HistoryStep[];
  other: readonly HistoryStep[];
}): boolean {
  return isPrefix(history.other, history.image, sameStep);
}

/** Adds `:latest` to a reference without a tag. Only for references in the form that Docker prints. */
const tagged = (name: string): string =>
  /[:@]/.test(name.slice(name.lastIndexOf("/") + 1)) ? name : `${name}:latest`;

/** Whether an image's labels name the other image as its base. */
function namesAsBase(image: Ancestry, other: Ancestry): boolean {
  const digest = (image.labels[BASE_DIGEST] ?? "").trim();
  if (digest !== "") {
    return other.id === digest || other.repoDigests.some((reference) => reference.endsWith(`@${digest}`));
  }
  const name = (image.labels[BASE_NAME] ?? "").trim().replace(/^docker\.io\/(?:library\/)?/, "");
  return name !== "" && other.tags.includes(tagged(name));
}

/** Whether an image can be built on the other one, judged without their histories: by its lowest layers or its labels. */
export function mayBeBase(image: Ancestry, other: Ancestry): boolean {
  if (other.id === image.id) return false;
  return isPrefix(other.layers, image.layers, (a, b) => a === b) || namesAsBase(image, other);
}

/**
 * Whether an image is built on another one. It is, if its labels say so. It also is, if its layers begin with the
 * other's layers, and its history begins with the other's history and goes on after that. So two builds of one
 * Dockerfile are not each other's bases. But an image that only adds metadata to another one is built on it.
 *
 * @param history of both images, oldest entry first
 */
export function isBase(
  image: Ancestry,
  other: Ancestry,
  history: { image: readonly HistoryStep[]; other: readonly HistoryStep[] },
): boolean {
  if (other.id === image.id) return false;
  if (namesAsBase(image, other)) return true;
  // An empty history would be the beginning of every other one.
  if (history.other.length === 0) return false;
  return (
    isPrefix(other.layers, image.layers, (a, b) => a === b) &&
    history.other.length < history.image.length &&
    isPrefix(history.other, history.image, sameStep)
  );
}

/**
 * Whether an instruction of the image's own recipe surely set the label to this value. Only the part of its history that
 * the other image lacks is searched.
 *
 * A history has labels without quotes: `LABEL a=b c=d` may be two labels, or one whose value is `b c=d`. So a label
 * counts only where it comes first, or where every label before it is one that the image really has, with just that
 * value, and that no later instruction has set.
 *
 * @param labels the image's labels
 */
export function setsLabelItself(
  label: string,
  value: string,
  history: { image: readonly HistoryStep[]; other: readonly HistoryStep[] },
  labels: Readonly<Record<string, string>>,
): boolean {
  const shared = history.image.findIndex((step, index) => {
    const other = history.other[index];
    return other === undefined || !sameStep(step, other);
  });
  const own = shared === -1 ? [] : history.image.slice(shared).map(labelWords);
  return own.some((words, index) => {
    const at = words.indexOf(`${label}=${value}`);
    const later = new Set(
      own
        .slice(index + 1)
        .flat()
        .map(keyOf),
    );
    return (
      at !== -1 &&
      words.slice(0, at).every((word) => {
        const key = keyOf(word);
        return `${key}=${labels[key]}` === word && !later.has(key);
      })
    );
  });
}

/** The words of a LABEL instruction, as the history has it; empty for any other step. */
function labelWords({ createdBy }: HistoryStep): string[] {
  const [keyword, ...words] = createdBy.replace(/^\/bin\/sh -c #\(nop\)\s+/, "").split(/\s+/);
  return keyword === "LABEL" ? words : [];
}

function keyOf(word: string): string {
  return word.split("=")[0] ?? "";
}

/** The name that people know an image by. */
export function nameOf({ tags, repoDigests, id }: Ancestry): string {
  return tags[0] ?? repoDigests[0] ?? id;
}
