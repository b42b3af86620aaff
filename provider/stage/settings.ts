import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** A hash over the settings of a release. If any of them changes, the hash changes, and a new release is made. */
export function settingsHash(settings: unknown): string {
  return `sha256:${createHash("sha256")
    .update(canonicalize(settings) ?? "")
    .digest("hex")}`;
}
