import { shortDigest } from "../../base/reference/digest";
import { isSifPath } from "../../base/reference/sif-path";
import type { Digest } from "../../base/reference/types";
import { asSentence, warningText, type Warning } from "../../base/words/warning";
import { namesRegistry } from "../../engines/registry/address";
import type { Judgement } from "../../promote/gate/clause";
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

/** Where targets point can't be told. The reason often says itself what to do. */
export function doubtText(targets: readonly string[], doubt: string, so: string): string {
  return warningText({
    what: `can't tell where ${targets.join(", ")} is: ${doubt}`,
    why: so,
    todo: "Mend what is named above, and run `pulumi preview` again.",
  });
}

/** What a target is called. */
export const targetNoun = (target: string): "file" | "tag" => (isSifPath(target) ? "file" : "tag");

const notRemoved = (targets: readonly string[]): string => `not removed: ${targets.join(", ")}`;
const byHand = (targets: readonly string[]): string =>
  `${targets.every(isSifPath) ? "rm" : "docker image rm"} ${targets.join(" ")}`;

/** Why a tag in a registry is not removed: a registry may delete the image with the tag, and others may use it. */
export function stayInRegistry(targets: readonly string[]): Warning {
  return {
    what: notRemoved(targets),
    why: "A registry that deletes a tag may delete the image with it.",
    todo: "Delete by hand, in the registry, what nothing uses.",
  };
}

/** Why a tag that existed before the promotion is not removed: this resource has not set it. */
export function wereThere(targets: readonly string[]): string {
  const which = targets.length === 1 ? "it was" : "they were";
  return `${notRemoved(targets)}: ${which} there before the promotion, and no update has moved it`;
}

/** Why a tag is not removed that another resource has promoted to since. */
export function belongsToAnother(target: string, owner: string): Warning {
  return {
    what: notRemoved([target]),
    why: `${owner} has promoted this image to it since, and owns the ${targetNoun(target)} now.`,
    todo: `There is nothing to do: when that one is destroyed, the ${targetNoun(target)} goes.`,
  };
}

/** Why a tag is not removed that somebody else has moved since. */
export function movedMeanwhile(targets: readonly string[]): Warning {
  const [it, another] = targets.length === 1 ? ["it", "another image"] : ["them", "other images"];
  return {
    what: notRemoved(targets),
    why: `Someone else has moved ${it} to ${another} meanwhile.`,
    todo: `If nothing uses ${it}, run \`${byHand(targets)}\`.`,
  };
}

/** Why it is not known whose a tag is, so that it is not removed. */
export function ownerUnknown(targets: readonly string[], doubt: string): Warning {
  return {
    what: notRemoved(targets),
    why: asSentence(`whether another resource promotes to it can't be told: ${doubt}`),
    todo: `If none does, run \`${byHand(targets)}\`.`,
  };
}

/** Why tags are not removed from an engine that does not say which one it is. */
export function engineUnknown(targets: readonly string[], host: string): Warning {
  return {
    what: notRemoved(targets),
    why: `The engine of before does not say whether it is the one of now (${host}).`,
    todo: `If it is another one, run \`${byHand(targets)}\` there.`,
  };
}

/** Why a tag is still there although it was to be removed. */
export function removalFailed(targets: readonly string[], error: string): Warning {
  const isFile = targets.every(isSifPath);
  return {
    what: notRemoved(targets),
    why: asSentence(isFile ? error : `the engine refused: ${error}`),
    todo: isFile ? `Run \`${byHand(targets)}\`.` : `Run \`${byHand(targets)}\` there.`,
  };
}

/** What an update has done: the outcome, the verdict, then where. */
export function promotedLine(
  targets: readonly string[],
  imageId: string,
  { verdict, override }: Pick<Judgement, "verdict" | "override">,
): string {
  const how = override ? "promoted by override" : "promoted";
  return `${how}, ${verdict}; ${targets.join(", ")} -> ${shortDigest(imageId)}`;
}
