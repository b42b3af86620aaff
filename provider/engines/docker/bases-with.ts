import { CommandError } from "../../base/process/command-error";
import { isVerifiedImagesError } from "../../base/errors/base";
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
import { inspectImage } from "./inspect";

/** The fields of `docker image inspect` that matter here. */
interface Inspected {
  Id: string;
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
  RootFS?: { Layers?: string[] | null };
  Config?: { Labels?: Record<string, string> | null } | null;
}

/** How many times the list is read if an image of it is removed meanwhile. */
const ATTEMPTS = 4;

function ancestryOf(inspected: Inspected): Ancestry {
  return {
    id: inspected.Id,
    tags: inspected.RepoTags ?? [],
    repoDigests: inspected.RepoDigests ?? [],
    labels: { ...inspected.Config?.Labels },
    layers: inspected.RootFS?.Layers ?? [],
  };
}

/**
 * A filter for the list of images. A value with other characters could be misread, so only the label's name is used
 * then.
 */
function labelFilter(label: string, value: string): string {
  return /^[A-Za-z0-9._-]+$/.test(value) ? `label=${label}=${value}` : `label=${label}`;
}

/**
 * The image itself, and all images with the label. The list is made without `--all`: what Docker's old builder leaves
 * between two instructions belongs to the same build, so it is no base.
 */
async function labelled(client: DockerClient, imageId: string, filter: string): Promise<Ancestry[]> {
  const options = { timeoutMs: client.inspectMs };
  const listed = await client.run(["image", "ls", "--no-trunc", "--quiet", "--filter", filter], options);
  const ids = new Set([imageId, ...listed.stdout.split("\n").filter((line) => line !== "")]);
  const answer = await client.run(["image", "inspect", ...ids], options);
  return (JSON.parse(answer.stdout) as Inspected[]).map(ancestryOf);
}

async function labelledAtOnce(client: DockerClient, imageId: string, filter: string): Promise<Ancestry[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await labelled(client, imageId, filter);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // If an image is removed after it was listed, the inspection of all images fails.
      const gone = error.failure.exitCode === 1 && attempt < ATTEMPTS;
      if (!gone) {
        throw new EngineUnreachableError(
          `Docker at ${client.where} did not say which images have the label: ${error.message}`,
          { cause: error },
        );
      }
    }
  }
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
  const all = await labelledAtOnce(client, imageId, labelFilter(label, value));
  const image = all.find(({ id }) => id === imageId);
  if (image === undefined) {
    throw new EngineUnreachableError(
      `Docker at ${client.where} gave no facts about the image ${imageId}; try again`,
    );
  }
  const others = all.filter((other) => other.labels[label] === value && mayBeBase(image, other));
  if (others.length === 0) return [];
  try {
    const history = await historyOf(client, imageId);
    const found: LabelledBase[] = [];
    for (const other of others) {
      const theirs = await historyIfThere(client, other.id);
      if (theirs === null) continue;
      const both = { image: history, other: theirs };
      if (isBase(image, other, both) && !setsLabelItself(label, value, both)) {
        found.push({ id: other.id, name: nameOf(other) });
      }
    }
    return found;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new EngineUnreachableError(
      `Docker at ${client.where} gave no history of an image: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}
