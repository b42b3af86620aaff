import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** One line for all settings that make a release; a change of any of them is a new release. */
export function settingsHash(settings: unknown): string {
  return `sha256:${createHash("sha256")
    .update(canonicalize(settings) ?? "")
    .digest("hex")}`;
}
