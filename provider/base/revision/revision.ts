import type { Branded } from "../brand";

/** A full git object name: SHA-1 (40 hex digits) or SHA-256 (64), lower case. */
export type Revision = Branded<"revision">;

/** Whether a text is a full revision. A short one is not, nor is one with white space around it. */
export function isFullRevision(text: string): text is Revision {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
