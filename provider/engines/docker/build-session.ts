import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import type { BaseOfBuild } from "../engine";
import { CommandError } from "../../base/process/command-error";
import { EngineUnreachableError } from "../errors";
import { effectiveBuilder, type Builder } from "./builder";
import type { DockerClient } from "./client";
import { inspectImage } from "./inspect";
import { readCommand } from "./read-output";
import { writeLayout } from "./saved-layout";

/** Milliseconds for docker save: 20 minutes. It copies every layer before it sends anything. */
const SAVE_MS = 20 * 60_000;

function gone(reference: string, imageId: string): EngineUnreachableError {
  return new EngineUnreachableError(
    `the image ${imageId} has gone from the engine meanwhile, so the builder can't use it for ${reference}; try again`,
  );
}

/** Whether another try may go better: docker failed, or did not send all, and nobody has ended it. */
function isRepeatable(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted === true) return false;
  if (error instanceof CommandError) return !error.failure.timedOut && !error.failure.notStarted;
  return error instanceof EngineUnreachableError;
}

/** What several builds share: the builder, and the images that were exported for it. */
export interface BuildSession {
  /** Found out once. After a failure it is asked for again. */
  builder(): Promise<Builder>;
  /**
   * What the builder gets in place of references to images of the engine: reference -> `oci-layout://...`. Each image
   * is exported once. If the engine no longer has an image, the builder fetches it itself, provided that the reference
   * has a digest.
   *
   * @throws {EngineUnreachableError} when the engine no longer has an image whose reference has no digest
   */
  handIn(bases: readonly BaseOfBuild[], signal?: AbortSignal): Promise<Map<string, string>>;
}

/** Does work with a session. The exported images are removed afterwards, also after a failure. */
export async function withBuildSession<T>(
  client: DockerClient,
  work: (session: BuildSession) => Promise<T>,
): Promise<T> {
  let builder: Promise<Builder> | undefined;
  let folder: Promise<string> | undefined;
  const layouts = new Map<string, Promise<string | null>>();
  const exportImage = async (imageId: string, signal?: AbortSignal, again = true): Promise<string | null> => {
    if ((await inspectImage(client, imageId)) === null) return null;
    folder ??= temporaryFolder("layouts");
    const layout = join(await folder, imageId.replace(/^sha256:/, ""));
    await mkdir(layout);
    try {
      const options = { signal, timeoutMs: SAVE_MS };
      await readCommand(client, ["image", "save", imageId], options, (stream) =>
        writeLayout(stream, layout, imageId),
      );
      // The digest is left out, because buildx 0.33.0 does not accept one without a tag.
      return `oci-layout://${layout}`;
    } catch (error) {
      await rm(layout, { recursive: true, force: true });
      // While the machine is busy, Docker 20.10 sometimes sends nothing, or not all of it. The second answer is complete.
      if (again && isRepeatable(error, signal)) return await exportImage(imageId, signal, false);
      throw error;
    }
  };
  const session: BuildSession = {
    builder() {
      builder ??= effectiveBuilder(client).catch((error: unknown) => {
        builder = undefined;
        throw error;
      });
      return builder;
    },
    async handIn(bases, signal) {
      const handed = new Map<string, string>();
      for (const { reference, imageId } of bases) {
        const known = layouts.get(imageId) ?? exportImage(imageId, signal);
        layouts.set(imageId, known);
        known.catch(() => layouts.delete(imageId));
        const layout = await known;
        if (layout !== null) handed.set(reference, layout);
        // The reference is a local name of this package. The builder would ask a registry for it, and take any image
        // there.
        else if (!reference.includes("@")) throw gone(reference, imageId);
      }
      return handed;
    },
  };
  try {
    return await work(session);
  } finally {
    const made = await folder?.catch(() => null);
    if (made) await rm(made, { recursive: true, force: true });
  }
}
