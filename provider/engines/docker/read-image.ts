import type { Readable } from "node:stream";
import { CommandError } from "../../base/process/command-error";
import type { ImageId } from "../../base/reference/types";
import { isRefusal } from "../../packages/capture/errors";
import type { ImageFacts } from "../engine";
import type { BuildSession } from "./build-session";
import type { DockerClient } from "./client";
import { exportImage, EXPORT_MS } from "./export";
import { inspectImage } from "./inspect";
import { readCommand } from "./read-output";

/** Where a policy about the sources of builds is named. It could put another image in the place of the one that is read. */
const SOURCE_POLICY = "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY";

/** Bytes of compressed layers from which on the builder is quicker: it takes half a second before it sends anything. */
const LARGE = 16 * 1024 * 1024;

/**
 * Reads an image's file system as a tar stream, without running anything of the image: from the builder where it reads the
 * engine's own images, which takes less than half the time, else as an export.
 *
 * @throws {CommandError} when neither sends all of it
 */
export async function readImage<T>(
  client: DockerClient,
  session: BuildSession,
  imageId: ImageId,
  read: (stream: Readable) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const facts = await inspectImage(client, imageId);
  const name = facts === null || (facts.size ?? 0) < LARGE ? null : exactName(facts);
  if (facts !== null && name !== null && (await readsEngine(client, session))) {
    try {
      return await readByBuilder(client, name, `${facts.os}/${facts.architecture}`, read, signal);
    } catch (error) {
      if (isRefusal(error) || signal?.aborted === true) throw error;
    }
  }
  return await exportImage(client, imageId, read, signal);
}

/**
 * A reference that a builder takes for exactly this image; null if there is none. Only in containerd's image store the ID is
 * the manifest's digest. The triggers of an image (ONBUILD) would run.
 */
export function exactName({ id, tags, isManifest, onbuild = [] }: ImageFacts): string | null {
  const [tag] = tags;
  return tag === undefined || isManifest !== true || onbuild.length > 0 ? null : `${tag}@${id}`;
}

/** Whether the builder is the engine's own, and can be asked for a tar stream. */
async function readsEngine(client: DockerClient, session: BuildSession): Promise<boolean> {
  const { builder } = await client.cli();
  if (builder?.startsWith("buildx") !== true) return false;
  // Without a builder there is still the export.
  const found = await session.builder().catch((error: unknown) => {
    if (error instanceof CommandError && error.failure.cancelled) throw error;
    return null;
  });
  return found?.separate === null;
}

async function readByBuilder<T>(
  client: DockerClient,
  name: string,
  platform: string,
  read: (stream: Readable) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const output = ["--quiet", "--provenance=false", "--sbom=false", "--output", "type=tar,dest=-"];
  const options = {
    title: `docker build that reads ${name}`,
    input: `FROM ${name}\n`,
    env: { [SOURCE_POLICY]: undefined },
    timeoutMs: EXPORT_MS,
    signal,
  };
  return await readCommand(
    client,
    ["build", ...output, "--platform", platform, "-"],
    options,
    read,
    isRefusal,
  );
}
