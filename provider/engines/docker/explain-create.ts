import { VerifiedImagesError } from "../../base/errors/base";
import { CommandError } from "../../base/process/command-error";
import type { DockerClient } from "./client";
import { inspectImage } from "./inspect";

/** An image that was there is gone before the next step could use it. Code `image-taken-away`. */
export class ImageTakenAwayError extends VerifiedImagesError {
  constructor(imageId: string, where: string, options: { cause: unknown }) {
    super(
      "image-taken-away",
      `the image ${imageId} was taken away from the engine at ${where} before it could be read, so nothing is known of it; ` +
        "see what removes images there (docker image prune, a timer), and run the update again",
      options,
    );
  }
}

/** The engine has no space left. Code `engine-full`. */
export class EngineFullError extends VerifiedImagesError {
  constructor(imageId: string, where: string, options: { cause: unknown }) {
    super(
      "engine-full",
      `no container of the image ${imageId} could be made to read it, because no space is left on the engine at ${where}; ` +
        "make room there (docker builder prune, docker image prune), and run the update again",
      options,
    );
  }
}

/** Why no container of an image could be made, as an error in words for people; any other error stays as it is. */
export async function explainCreate(client: DockerClient, imageId: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CommandError)) return error;
  const { cancelled, timedOut, notStarted, stderr } = error.failure;
  if (cancelled || timedOut || notStarted) return error;
  if (/no space left on device/i.test(stderr))
    return new EngineFullError(imageId, client.where, { cause: error });
  const found = await inspectImage(client, imageId).catch((doubt: unknown) => doubt);
  if (found !== null) return found instanceof VerifiedImagesError ? found : error;
  return new ImageTakenAwayError(imageId, client.where, { cause: error });
}
