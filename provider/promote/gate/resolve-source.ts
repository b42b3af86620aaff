import type { Engine, ImageFacts } from "../../engines/engine";
import { VerifiedImagesError } from "../../base/errors/base";
import { namesRegistry } from "../../engines/registry/address";
import { familiar } from "../../base/reference/format";
import { parseReference } from "../../base/reference/parse";

/** The image to promote is surely not there. */
export class SourceMissingError extends VerifiedImagesError {
  constructor(source: string, inRegistry = false) {
    super("source-missing", missingWords(source, inRegistry));
  }
}

function missingWords(source: string, inRegistry: boolean): string {
  if (inRegistry) return `its registry has no image ${source}; push it first, or name another one`;
  const there = namesRegistry(source)
    ? "pull it first, by its digest (docker pull <repository>@<digest>), and promote its ID; or name targets in registries"
    : "build it first, or name another one";
  return `there is no image ${source} on the engine; ${there}`;
}

/**
 * The image that a source stands for now. What is judged and tagged afterwards is its ID, which can't move.
 *
 * @throws {SourceMissingError} when the engine surely has no such image
 * @throws {EngineUnreachableError} when that can't be told
 */
export async function resolveSource(engine: Engine, source: string): Promise<ImageFacts> {
  const reference = parseReference(source);
  // A bare word could also be the beginning of an image ID to Docker; with its tag it can't.
  const asked = familiar(reference);
  const found = (await engine.inspect([asked])).get(asked) ?? null;
  if (found === null) throw new SourceMissingError(source);
  return found;
}
