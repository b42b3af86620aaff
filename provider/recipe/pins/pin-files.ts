import { createHash } from "node:crypto";
import { compareText } from "../../packages/lock/order";

/** A file of the pins. */
export interface PinFile {
  /** Below the folder of all pins. */
  path: string;
  text: string;
}

/** The image that carries the pins into a build. */
const PIN_IMAGE = "verified-images-pins";

/**
 * Makes the pins an image, so that every builder can mount them. All may write: npm writes to its lock file, also when it
 * does not run as root. What is written is gone after the RUN.
 */
export const PIN_DOCKERFILE: PinFile = { path: "Dockerfile", text: "FROM scratch\nCOPY --chmod=0777 . /\n" };

/** `sha256:` and the hex digest of all pins, by their paths and contents. */
export function pinsHash(files: readonly PinFile[]): string {
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  const hash = createHash("sha256");
  for (const { path, text } of sorted) hash.update(JSON.stringify([path, text]));
  return `sha256:${hash.digest("hex")}`;
}

/** The name under which a locked recipe mounts these pins. It is different for different pins. */
export function pinsReference(files: readonly PinFile[]): string {
  return `${PIN_IMAGE}:${pinsHash(files).slice("sha256:".length).slice(0, 12)}`;
}

/** Whether every folder of the pins has a file of this name. */
export function everyFolderHas(files: readonly PinFile[], name: string): boolean {
  const folders = new Set(files.map(({ path }) => path.split("/")[0]));
  return [...folders].every((folder) => files.some(({ path }) => path === `${folder}/${name}`));
}
