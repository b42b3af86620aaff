import { randomBytes } from "node:crypto";

/** The label by which a staging container says which release made it. */
export const RELEASE_LABEL = "verified-images.release";

/** The label by which it says whose release that was: the URN of the resource. */
export const OWNER_LABEL = "verified-images.owner";

/** A name for one release: twelve hex digits that no other release has. */
export function newRelease(): string {
  return randomBytes(6).toString("hex");
}

/** What a container is called while a newer one is tried under its name. Pure. */
export function nameAside(name: string): string {
  return `${name}-before`;
}

/** A container that was set aside, so that it can be put back. */
export interface SetAside {
  id: string;
  /** The name that it had. */
  name: string;
  /** Whether it was running then. */
  running: boolean;
}
