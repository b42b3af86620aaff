import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { thenCleanUp } from "../../base/process/clean-up";
import { isolatedName } from "../../base/process/leftovers";
import { isRefusal } from "../../packages/capture/errors";
import type { DockerClient } from "./client";
import { explainCreate } from "./explain-create";
import { readCommand } from "./read-output";

/** Milliseconds for reading a whole image: 20 minutes. Large ones on slow disks take minutes. */
export const EXPORT_MS = 20 * 60_000;

/**
 * Reads an image's file system as a tar stream. A container is created, exported and removed; nothing in it runs. The
 * dummy command is needed for images that have no command. It never runs either.
 *
 * @throws {CommandError} when create or export fails, even if the stream looked complete
 */
export async function exportImage<T>(
  client: DockerClient,
  imageId: string,
  read: (stream: Readable) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const options = { title: `docker export of ${imageId}`, signal, timeoutMs: EXPORT_MS };
  return await withContainer(client, "capture", imageId, (name) =>
    readCommand(client, ["export", name], options, read, isRefusal),
  );
}

/**
 * Does work with a container of an image that never runs. The container is removed afterwards.
 *
 * @param kind what the container is for, as a part of its name
 */
export async function withContainer<T>(
  client: DockerClient,
  kind: string,
  imageId: string,
  work: (name: string) => Promise<T>,
): Promise<T> {
  const name = isolatedName(kind, randomBytes(6).toString("hex"));
  // Nothing ends the creating but its limit: the engine would make the container all the same, and nobody would remove it.
  const options = { timeoutMs: client.inspectMs, runsToItsEnd: true };
  const create = ["create", "--name", name, "--network", "none", imageId, "none"];
  await client.run(create, options).catch(async (error: unknown) => {
    throw await explainCreate(client, imageId, error);
  });
  return await thenCleanUp(
    () => work(name),
    () => client.run(["rm", "--force", "--volumes", name], options),
  );
}
