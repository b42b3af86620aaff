import type { Branded } from "../brand";

/** A full git object name: SHA-1 (40 hex digits) or SHA-256 (64), lower case. */
export type Revision = Branded<"revision">;

/** Whether a text is a full revision; a short one, or one with white space around it, is none. */
export function isFullRevision(text: string): text is Revision {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
