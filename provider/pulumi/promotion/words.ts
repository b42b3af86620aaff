import { shortDigest } from "../../base/reference/digest";
import type { Digest } from "../../base/reference/types";
import { namesRegistry } from "../../engines/registry/address";
import type { Standing } from "./observe";

/** The text for an image that is not known before the update. */
export const KNOWN_LATER = "known after apply";

/** An image in a preview: its short ID and its revision. Not for comparing: two images can have the same text. */
export function imageWords(id: string, revision: string | null): string {
  const label = (revision ?? "").trim();
  return `${shortDigest(id)} (${label === "" ? "no revision" : `revision ${label.slice(0, 12)}`})`;
}

/** Where the targets point, for the preview. */
export function liveWords({ source, targets }: Pick<Standing, "source" | "targets">): string {
  const words = Object.entries(targets).map(([target, id]) => {
    if (id === null) return `${target} is not there`;
    if (id === source?.id) return `${target} is in place`;
    const comparable = source !== null && namesRegistry(target) === source.fromRegistry;
    const what = comparable ? `, not the source's ${shortDigest(source.id)}` : "";
    return `${target} is ${shortDigest(id)}${what}`;
  });
  return words.join("; ");
}

/** Where each target points, for a source that is gone. */
export function whereWords(targets: Readonly<Record<string, Digest | null>>): string {
  return Object.entries(targets)
    .map(([target, id]) => (id === null ? `${target} is not there` : `${target} names ${shortDigest(id)}`))
    .join("; ");
}

/** Why a tag in a registry is not removed: a registry may delete the image with the tag, and others may use it. */
export function stayInRegistry(targets: readonly string[]): string {
  const which = targets.length === 1 ? "stays where it is" : "stay where they are";
  return `${targets.join(", ")} ${which}: a registry that deletes a tag may delete the image with it; delete by hand what nothing uses`;
}

/** Why a tag that existed before the promotion is not removed: this resource has not set it. */
export function wereThere(targets: readonly string[]): string {
  const which = targets.length === 1 ? "stays: it was" : "stay: they were";
  return `${targets.join(", ")} ${which} there before the promotion, and no update has moved it`;
}

/** Why a tag is not removed that another resource has promoted to since. */
export function belongsToAnother(target: string, owner: string): string {
  return `${target} stays: ${owner} has promoted this image to it since; that one owns the tag now`;
}
