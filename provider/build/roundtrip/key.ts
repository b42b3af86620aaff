import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** Everything that a build can see. */
export interface KeyParts {
  recipeHash: string;
  contextHash: string;
  buildArgs: Record<string, string>;
  target: string | null;
  platform: string | null;
  labels: Record<string, string>;
  /** Ids only: a rotated secret is no reason to build. */
  secretIds: string[];
  pin: string;
  bases: { reference: string; digest: string }[];
  revision: string | null;
  force: unknown;
}

/**
 * One key over all that a build can see; equal keys mean that building again could only repeat the fetches.
 * The revision is part of it: a new revision always builds, because a stale label is what this package is
 * there to prevent.
 */
export function buildKey(parts: KeyParts): string {
  const text = canonicalize({
    ...parts,
    secretIds: [...parts.secretIds].sort(),
    bases: [...parts.bases].sort((a, b) => (a.reference < b.reference ? -1 : 1)),
  });
  return `sha256:${createHash("sha256")
    .update(text ?? "")
    .digest("hex")}`;
}
