import type { Engine, ImageFacts } from "../../engines/engine";
import { VerifiedImagesError } from "../../base/errors/base";
import { SifMissingError } from "../sif/errors";
import { namesRegistry } from "../../engines/registry/address";
import { familiar } from "../../base/reference/format";
import { parseReference } from "../../base/reference/parse";

/** The image to promote does not exist. */
export class SourceMissingError extends VerifiedImagesError {
  constructor(source: string, inRegistry = false) {
    super("source-missing", missingWords(source, inRegistry));
  }
}

/** Whether an error says that the image to promote does not exist, wherever it was looked for. */
export const isSourceMissing = (error: unknown): error is SourceMissingError | SifMissingError =>
  error instanceof SourceMissingError || error instanceof SifMissingError;

function missingWords(source: string, inRegistry: boolean): string {
  if (inRegistry) return `its registry has no image ${source}; push it first, or name another one`;
  const there = namesRegistry(source)
    ? "pull it first, by its digest (docker pull <repository>@<digest>), and promote its ID; or name targets in registries"
    : "build it first, or name another one";
  return `there is no image ${source} on the engine; ${there}`;
}

/**
 * Finds the image that a source points at now. From here on its ID is used, because an ID can't move.
 *
 * @throws {SourceMissingError} when the engine has no such image
 * @throws {EngineUnreachableError} when the engine does not answer
 * @throws {EngineUnsuitableError} when it is too old, or no Docker
 */
export async function resolveSource(engine: Engine, source: string): Promise<ImageFacts> {
  const reference = parseReference(source);
  // Docker could take a bare word for the beginning of an image ID. With its tag it can't.
  const asked = familiar(reference);
  // Who answers is asked too: what imitates Docker, or is too old, also has images.
  const [images] = await Promise.all([engine.inspect([asked]), engine.identity()]);
  const found = images.get(asked) ?? null;
  if (found === null) throw new SourceMissingError(source);
  return found;
}
