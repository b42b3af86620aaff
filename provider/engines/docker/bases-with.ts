import { CommandError } from "../../base/process/command-error";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { ImageFacts } from "../engine";
import { EngineUnreachableError } from "../errors";
import {
  isBase,
  mayBeBase,
  nameOf,
  setsLabelItself,
  type HistoryStep,
  type LabelledBase,
  type Ancestry,
} from "../ancestry";
import type { DockerClient } from "./client";
import { imageHistory } from "./image-history";
import { inspectImage, inspectImages } from "./inspect";
import { listImages } from "./list-images";

const ancestryOf = ({ id, tags, repoDigests, labels, layers = [] }: ImageFacts): Ancestry => ({
  ...{ id, tags, repoDigests, labels, layers },
});

/**
 * A filter for the list of images. A value with other characters could be misread, so only the label's name is used
 * then.
 */
function labelFilter(label: string, value: string): string[] {
  return ["--filter", /^[A-Za-z0-9._-]+$/.test(value) ? `label=${label}=${value}` : `label=${label}`];
}

/**
 * The image itself, and all images that the filter leaves, without those that are removed meanwhile. The lists are made
 * without `--all`: what Docker's old builder leaves between two instructions belongs to the same build, so it is no base.
 * Images without a name are asked for, because clients from 29 on leave them out.
 */
async function listed(client: DockerClient, imageId: string, filter: readonly string[]): Promise<Ancestry[]> {
  const list = (...more: string[]): Promise<string[]> =>
    listImages(client, ["--no-trunc", "--quiet", ...filter, ...more]);
  const lists = await Promise.all([list(), list("--filter", "dangling=true")]).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    throw new EngineUnreachableError(
      `Docker at ${client.where} did not say which images it has: ${error.message}`,
      { cause: error },
    );
  });
  const ids = [imageId, ...lists.flat().filter((line) => line !== "")];
  const found = await inspectImages(client, ids);
  return [...found.values()].flatMap((facts) => (facts === null ? [] : [ancestryOf(facts)]));
}

const historyOf = async (client: DockerClient, id: string): Promise<HistoryStep[]> =>
  (await imageHistory(client, id))
    .map(({ CreatedBy, Created }) => ({ createdBy: CreatedBy, created: Created }))
    .reverse();

/** An image's history; null when the image has been removed meanwhile. */
async function historyIfThere(client: DockerClient, id: string): Promise<HistoryStep[] | null> {
  try {
    return await historyOf(client, id);
  } catch (error) {
    if (isVerifiedImagesError(error) && (await inspectImage(client, id)) === null) return null;
    throw error;
  }
}

/** An image, and those on the engine that may be its bases, judged without their histories. */
async function possibleBases(
  client: DockerClient,
  imageId: string,
  filter: readonly string[],
): Promise<{ image: Ancestry; others: Ancestry[] }> {
  const all = await listed(client, imageId, filter);
  const image = all.find(({ id }) => id === imageId);
  if (image === undefined) {
    throw new EngineUnreachableError(
      `Docker at ${client.where} gave no facts about the image ${imageId}; try again`,
    );
  }
  return { image, others: all.filter((other) => mayBeBase(image, other)) };
}

/** The images among these on which an image is built, and for which `counts` holds. Those that vanish are left out. */
async function basesAmong(
  client: DockerClient,
  image: Ancestry,
  others: readonly Ancestry[],
  counts: (history: { image: HistoryStep[]; other: HistoryStep[] }) => boolean,
): Promise<Ancestry[]> {
  if (others.length === 0) return [];
  try {
    const history = await historyOf(client, image.id);
    const found: Ancestry[] = [];
    for (const other of others) {
      const theirs = await historyIfThere(client, other.id);
      if (theirs === null) continue;
      const both = { image: history, other: theirs };
      if (isBase(image, other, both) && counts(both)) found.push(other);
    }
    return found;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new EngineUnreachableError(
      `Docker at ${client.where} gave no history of an image: ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * The images on the engine on which an image is visibly built, that have the same value of a label, and whose value no
 * later instruction has set. A base that is not on the engine is not found.
 *
 * @param value the value of the image's own label
 * @throws {EngineUnreachableError} when the engine does not answer
 */
export async function basesWith(
  client: DockerClient,
  imageId: string,
  label: string,
  value: string,
): Promise<LabelledBase[]> {
  const { image, others } = await possibleBases(client, imageId, labelFilter(label, value));
  const labelled = others.filter((other) => other.labels[label] === value);
  const bases = await basesAmong(
    client,
    image,
    labelled,
    (both) => !setsLabelItself(label, value, both, image.labels),
  );
  return bases.map((base) => ({ id: base.id, name: nameOf(base) }));
}

/** Whether any image on the engine is visibly one on which this one is built. */
export async function knowsBase(client: DockerClient, imageId: string): Promise<boolean> {
  const { image, others } = await possibleBases(client, imageId, []);
  return (await basesAmong(client, image, others, () => true)).length > 0;
}
