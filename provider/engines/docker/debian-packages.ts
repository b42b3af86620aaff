import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ImageId } from "../../base/reference/types";
import { CommandError } from "../../base/process/command-error";
import { temporaryFolder } from "../../base/process/temporary";
import { captureFileSystem } from "../../packages/capture/capture";
import { capturedDebs } from "../../packages/capture/dpkg/databases";
import { parseStatus } from "../../packages/capture/dpkg/status";
import type { LockedPackage } from "../../packages/lock/types";
import type { DockerClient } from "./client";
import { exportImage, withContainer } from "./export";

/**
 * The Debian packages of an image. Only dpkg's status file is copied out (0.3 s). Where the image has none, or where the
 * file can't be read, its whole file system is captured.
 */
export async function debianPackages(
  client: DockerClient,
  imageId: ImageId,
  signal?: AbortSignal,
): Promise<LockedPackage[]> {
  const status = await copyStatus(client, imageId, signal);
  if (status !== null) return capturedDebs(parseStatus(status), null);
  const { packages } = await exportImage(
    client,
    imageId,
    (stream) => captureFileSystem(stream, { signal }),
    signal,
  );
  return packages.filter(({ ecosystem }) => ecosystem === "dpkg");
}

async function copyStatus(
  client: DockerClient,
  imageId: ImageId,
  signal?: AbortSignal,
): Promise<Buffer | null> {
  const folder = await temporaryFolder("status");
  try {
    const file = join(folder, "status");
    return await withContainer(client, "status", imageId, async (name) => {
      await client.run(["cp", "--follow-link", `${name}:/var/lib/dpkg/status`, file], {
        timeoutMs: client.inspectMs,
        signal,
      });
      return await readFile(file);
    });
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
