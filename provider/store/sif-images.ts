import { join, resolve } from "node:path";
import type { ImageId } from "../base/reference/types";
import { parseImageId } from "../base/reference/digest";
import type { ImageFacts, Images } from "../engines/engine";
import { hashOfFile } from "./verification";

/**
 * The images of a store that are files, as an engine has images. A reference is `<name>:<timestamp>` or a file's path; an ID
 * is the hash of a file, so what was moved or changed has another one.
 *
 * @param root absolute directory of the store
 */
export function sifImages(root: string): Images {
  return {
    identity: () =>
      Promise.resolve({ id: "apptainer", serverVersion: "", clientVersion: "", builder: "none" }),
    async inspect(references) {
      const found = new Map<string, ImageFacts | null>();
      const isId = (reference: string): boolean => reference.startsWith("sha256:");
      for (const reference of references.filter((one) => !isId(one))) {
        const file = fileOf(root, reference);
        const id = file === null ? null : await hashOfFile(file);
        found.set(reference, id === null ? null : factsOfFile(parseImageId(id), reference, {}));
      }
      for (const id of references.filter(isId))
        found.set(id, [...found.values()].find((facts) => facts?.id === id) ?? null);
      return found;
    },
  };
}

function fileOf(root: string, reference: string): string | null {
  if (reference.endsWith(".sif")) return resolve(reference);
  const [, name, timestamp] = /^([^:/]+):([^:/]+)$/.exec(reference) ?? [];
  return name === undefined || timestamp === undefined ? null : join(root, name, `${name}-${timestamp}.sif`);
}

/** An image that is a file, in the form in which engines give theirs. */
export const factsOfFile = (id: ImageId, reference: string, labels: Record<string, string>): ImageFacts => ({
  ...{ id, labels, tags: [reference], repoDigests: [] },
  ...{ user: "", os: "linux", architecture: "", created: "" },
});
