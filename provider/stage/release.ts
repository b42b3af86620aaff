import { randomBytes } from "node:crypto";

/** Label of a staging container: the name of the release that made it. */
export const RELEASE_LABEL = "verified-images.release";

/** Label of a staging container: the URN of the resource that owns the release. */
export const OWNER_LABEL = "verified-images.owner";

/** Label of a staging container: the staging name that it is meant to get. */
export const NAME_LABEL = "verified-images.staging";

/** Label of a staging container: what was set aside for it. Used where no Pulumi state records that. */
export const BEFORE_LABEL = "verified-images.before";

/** A new random name for a release: twelve hex digits. */
export function newRelease(): string {
  return randomBytes(6).toString("hex");
}

/** The name of a container while it is set aside. */
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

/** The value of `BEFORE_LABEL`. */
export function writeBefore(before: readonly SetAside[]): string {
  return before.map(({ id, running }) => `${id} ${running ? "running" : "stopped"}`).join(", ");
}

/** Reads `BEFORE_LABEL`. `name` is the staging name, which the containers had before. */
export function readBefore(label: string | undefined, name: string): SetAside[] {
  return [...(label ?? "").matchAll(/([0-9a-f]{64}) (running|stopped)/g)].map(([, id = "", how]) => ({
    id,
    name,
    running: how === "running",
  }));
}
