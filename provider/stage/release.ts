import { randomBytes } from "node:crypto";

/** The label by which a staging container says which release made it. */
export const RELEASE_LABEL = "verified-images.release";

/** The label by which it says whose release that was: the URN of the resource. */
export const OWNER_LABEL = "verified-images.owner";

/** The label by which it says under which name it is to stand in for what ran before. */
export const NAME_LABEL = "verified-images.staging";

/** The label by which it says what was set aside for it, where no state says so. */
export const BEFORE_LABEL = "verified-images.before";

/** A name for one release: twelve hex digits that no other release has. */
export function newRelease(): string {
  return randomBytes(6).toString("hex");
}

/** What a container is called while a newer one is tried under its name. */
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

/** What was set aside for a release, as its container's label says it. */
export function writeBefore(before: readonly SetAside[]): string {
  return before.map(({ id, running }) => `${id} ${running ? "running" : "stopped"}`).join(", ");
}

/** Reads that label; the name is the one that the container has. */
export function readBefore(label: string | undefined, name: string): SetAside[] {
  return [...(label ?? "").matchAll(/([0-9a-f]{64}) (running|stopped)/g)].map(([, id = "", how]) => ({
    id,
    name,
    running: how === "running",
  }));
}
