import { InvalidReferenceError } from "./errors";
import { parseTagReference } from "./explicit";
import { isSifPath, parseSifPath } from "./sif-path";
import type { Target } from "./types";

/**
 * Reads a promotion's target, and writes it in the one form in which targets are compared.
 *
 * @throws {InvalidReferenceError} when it is neither a tag reference nor the path of a SIF image
 */
export function parseTarget(text: string): Target {
  return isSifPath(text) ? parseSifPath(text) : parseTagReference(text);
}

/** Whether a text is a target in the form that {@link parseTarget} writes. */
export function isTarget(text: string): text is Target {
  try {
    return parseTarget(text) === text;
  } catch (error) {
    if (error instanceof InvalidReferenceError) return false;
    throw error;
  }
}
