import { splitReference } from "./split";
import type { Reference } from "./types";

/**
 * True when the text that was written names a registry host (`docker.io/team/app`, `localhost:5000/app`).
 * False for a name that only defaults to Docker Hub (`team/app`), and for an image ID.
 */
export function isInRegistry(reference: Reference): boolean {
  return reference.kind !== "id" && splitReference(reference.text).registry !== null;
}
