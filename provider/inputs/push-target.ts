import { isVerifiedImagesError } from "../base/errors/base";
import { isInRegistry } from "../base/reference/in-registry";
import { parseReference } from "../base/reference/parse";
import { parseTagReference } from "../base/reference/explicit";

/** Why an image can't be pushed to this reference; null if it can. */
export function pushProblem(text: string): string | null {
  try {
    const reference = parseReference(text);
    if (reference.kind === "tag" && isInRegistry(reference)) return null;
    return reference.kind === "tag"
      ? `${text} names no registry host; expected registry.example.com/team/app:1, or docker.io/team/app:1`
      : `${text} is no tag; an image is pushed to a reference such as registry.example.com/team/app:1`;
  } catch (error) {
    if (isVerifiedImagesError(error)) return error.message;
    throw error;
  }
}

/** The first reference that is in the list twice, also if it is written in two ways; null if there is none. */
export function firstDuplicate(texts: readonly unknown[]): string | null {
  const names = texts.filter((text) => typeof text === "string" && pushProblem(text) === null) as string[];
  const all = names.map(parseTagReference);
  return all.find((name, index) => all.indexOf(name) !== index) ?? null;
}
