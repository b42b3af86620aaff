import { randomBytes } from "node:crypto";
import { CommandError } from "../../base/process/command-error";
import { EngineUnreachableError } from "../errors";
import {
  hasMaker,
  isAbandoned,
  isolatedName,
  throwawayReference,
  THROWAWAY,
  BASE,
} from "../../base/process/leftovers";
import { isOfContainerd } from "../image-store";
import { engineIdentity, type DockerClient } from "./client";
import { inspectImage } from "./inspect";
import { listImages } from "./list-images";

/** Points a tag at an image. The image is given by its ID, so that no other image can be tagged by mistake. */
export async function tagImage(client: DockerClient, imageId: string, reference: string): Promise<void> {
  await client.run(["image", "tag", imageId, reference], { timeoutMs: client.inspectMs });
}

/**
 * Removes one tag, and keeps the image. Docker deletes an image together with its last tag. The classic image store does
 * not if another image is its child, the containerd image store does not if a container uses it. So one of them is made for
 * the time of the removal. A child is made of a container, too.
 *
 * @param imageId the image that the tag must stand for. If the tag stands for another one now, it stays. undefined: any
 *   image
 */
export async function untagImage(client: DockerClient, reference: string, imageId?: string): Promise<void> {
  // What is made for this is removed again, also when this process is asked to end meanwhile.
  const options = { timeoutMs: client.inspectMs, runsToItsEnd: true };
  const facts = await inspectImage(client, reference);
  if (facts === null || (imageId !== undefined && facts.id !== imageId)) return;
  // Only tags count here: with the last tag of a repository, Docker also drops the repository's digests.
  if (facts.tags.length > 1) {
    await client.run(["image", "rm", "--no-prune", reference], options);
    return;
  }
  const suffix = randomBytes(6).toString("hex");
  const container = isolatedName("guard", suffix);
  const child = throwawayReference(`guard-${suffix}`);
  const needsChild = !isOfContainerd(await engineIdentity(client));
  await client.run(["create", "--name", container, "--network", "none", facts.id, "none"], options);
  try {
    if (needsChild) await client.run(["commit", container, child], options);
    try {
      // The tag may have been moved meanwhile. Only the image that was found first is protected.
      if ((await inspectImage(client, reference))?.id === facts.id) {
        // Without --force Docker refuses to remove the last tag while a container uses the image.
        await client.run(["image", "rm", "--no-prune", "--force", reference], options);
      }
    } finally {
      if (needsChild) await client.run(["image", "rm", "--no-prune", child], options);
    }
  } finally {
    await client.run(["rm", "--force", "--volumes", container], options);
  }
  if ((await inspectImage(client, facts.id)) === null) {
    throw new EngineUnreachableError(`removing the tag ${reference} removed its image ${facts.id} as well`);
  }
}

/**
 * Removes a tag, and also the image if nothing else uses it, but never the image that it was made from. Does nothing if
 * the tag is gone already.
 */
export async function removeImage(client: DockerClient, reference: string): Promise<void> {
  try {
    await client.run(["image", "rm", "--no-prune", reference], { timeoutMs: client.inspectMs });
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    if ((await inspectImage(client, reference)) !== null) throw error;
  }
}

/** All references with a tag in one repository. */
export async function tagsOf(client: DockerClient, repository: string): Promise<string[]> {
  return await tagsOfAny(client, [repository]);
}

async function tagsOfAny(client: DockerClient, repositories: readonly string[]): Promise<string[]> {
  const filters = repositories.flatMap((repository) => ["--filter", `reference=${repository}`]);
  const lines = await listImages(client, [...filters, "--format", "{{.Repository}}:{{.Tag}}"]);
  const isTag = (line: string): boolean =>
    !line.endsWith(":<none>") && repositories.some((repository) => line.startsWith(`${repository}:`));
  return lines.filter(isTag);
}

/**
 * Removes containers and throwaway images that crashed processes left behind, also those of other machines. If docker
 * refuses to remove something, it stays for the next sweep: another build may be removing it just now.
 *
 * @returns the names of what was removed
 */
export async function sweepLeftovers(client: DockerClient): Promise<string[]> {
  const options = { timeoutMs: client.inspectMs };
  const [listed, images] = await Promise.all([
    client.run(["ps", "--all", "--filter", "name=verified-images-", "--format", "{{.Names}}"], options),
    tagsOfAny(client, [THROWAWAY, BASE]),
  ]);
  const containers = listed.stdout.split("\n");
  // The question takes docker longer than both lists, and mostly there is nothing to sweep.
  if (![...containers, ...images].some(hasMaker)) return [];
  // Ages are measured by the engine's clock, because the engine may be on another machine.
  const clock = await client.run(["info", "--format", "{{.SystemTime}}"], options);
  const now = Date.parse(clock.stdout.trim());
  const removed: string[] = [];
  const sweep = async (
    names: readonly string[],
    remove: (name: string) => Promise<unknown>,
  ): Promise<void> => {
    for (const name of names.filter((one) => isAbandoned(one, now))) {
      if (await isDone(remove(name))) removed.push(name);
    }
  };
  await sweep(containers, (name) => client.run(["rm", "--force", "--volumes", name], options));
  await sweep(images, (reference) => removeImage(client, reference));
  return removed;
}

/** Waits for a command. False if docker refused. An abort, and an engine that does not answer, are thrown. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { cancelled, timedOut, exitCode } = error.failure;
    if (cancelled || timedOut || exitCode === null) throw error;
    return false;
  }
}
