import { randomBytes } from "node:crypto";
import { CommandError } from "../../base/process/command-error";
import { EngineUnreachableError } from "../errors";
import { isAbandoned, isolatedName, throwawayReference, THROWAWAY, BASE } from "../../base/process/leftovers";
import type { DockerClient } from "./client";
import { inspectImage } from "./inspect";

/** Points a tag at an image, named by its ID so that nothing can move in between. */
export async function tagImage(client: DockerClient, imageId: string, reference: string): Promise<void> {
  await client.run(["image", "tag", imageId, reference], { timeoutMs: client.inspectMs });
}

/**
 * Removes one tag. Docker deletes an image together with its last tag, unless another image is its child: for
 * this moment there is one. A container would not do: Docker takes no image's last tag while a container uses it.
 *
 * @param imageId the image that the tag has to stand for; it stays where somebody has moved it. Undefined: whichever
 */
export async function untagImage(client: DockerClient, reference: string, imageId?: string): Promise<void> {
  const options = { timeoutMs: client.inspectMs };
  const facts = await inspectImage(client, reference);
  if (facts === null || (imageId !== undefined && facts.id !== imageId)) return;
  // Digests don't count: Docker drops those of a repository together with its last tag.
  if (facts.tags.length > 1) {
    await client.run(["image", "rm", "--no-prune", reference], options);
    return;
  }
  const suffix = randomBytes(6).toString("hex");
  const container = isolatedName("guard", suffix);
  const child = throwawayReference(`guard-${suffix}`);
  await client.run(["create", "--name", container, "--network", "none", facts.id, "none"], options);
  try {
    await client.run(["commit", container, child], options);
  } finally {
    await client.run(["rm", "--force", "--volumes", container], options);
  }
  try {
    // Making the child took a moment, in which the tag may have been moved: the child keeps no other image.
    if ((await inspectImage(client, reference))?.id === facts.id) {
      // By force, for Docker else refuses to take the last tag while a container uses the image; the child is what
      // keeps the image, which no force overcomes.
      await client.run(["image", "rm", "--no-prune", "--force", reference], options);
    }
  } finally {
    await client.run(["image", "rm", "--no-prune", child], options);
  }
  if ((await inspectImage(client, facts.id)) === null) {
    throw new EngineUnreachableError(`removing the tag ${reference} removed its image ${facts.id} as well`);
  }
}

/**
 * Removes a tag, and the image with it when nothing else uses it, but never the image it was made from. One that
 * is gone already is fine.
 */
export async function removeImage(client: DockerClient, reference: string): Promise<void> {
  try {
    await client.run(["image", "rm", "--no-prune", reference], { timeoutMs: client.inspectMs });
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    if ((await inspectImage(client, reference)) !== null) throw error;
  }
}

/** The references below one repository. */
export async function tagsOf(client: DockerClient, repository: string): Promise<string[]> {
  const answer = await client.run(
    ["image", "ls", "--filter", `reference=${repository}`, "--format", "{{.Repository}}:{{.Tag}}"],
    { timeoutMs: client.inspectMs },
  );
  return answer.stdout
    .split("\n")
    .filter((line) => line.startsWith(`${repository}:`) && !line.endsWith(":<none>"));
}

/**
 * Removes containers and throwaway images that crashed processes have left, also of other machines. What docker refuses to
 * remove now stays for the next sweep: another build may be at it already.
 *
 * @returns what was removed
 */
export async function sweepLeftovers(client: DockerClient): Promise<string[]> {
  const options = { timeoutMs: client.inspectMs };
  const [listed, ...tagged] = await Promise.all([
    client.run(["ps", "--all", "--filter", "name=verified-images-", "--format", "{{.Names}}"], options),
    tagsOf(client, THROWAWAY),
    tagsOf(client, BASE),
  ]);
  // The engine's own clock counts, as it may be far away.
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
  await sweep(listed.stdout.split("\n"), (name) => client.run(["rm", "--force", "--volumes", name], options));
  await sweep(tagged.flat(), (reference) => removeImage(client, reference));
  return removed;
}

/** Waits for a command. False when docker has refused; an abort and an engine that does not answer are thrown on. */
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
