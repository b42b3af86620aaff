import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { seenInputs, type BuildPlan } from "../../inputs/image-inputs";
import type { Source } from "./source";

/** A base image by what the recipe calls it, and what that stands for. */
type Base = Readonly<{ reference: string; digest: string }>;

/**
 * One key over all that a build can see; equal keys mean that building again could only repeat the fetches.
 * The revision is part of it: a new revision always builds, because a stale label is what this package is
 * there to prevent. Of secrets only the ids are: a rotated secret is no reason to build.
 */
export function buildKey(
  plan: BuildPlan,
  { recipeHash, contextHash }: Pick<Source, "recipeHash" | "contextHash">,
  bases: readonly Base[],
): string {
  const text = canonicalize({
    ...seenInputs.parse(plan),
    recipeHash,
    contextHash,
    secretIds: Object.keys(plan.secrets).sort(),
    bases: bases
      .map(({ reference, digest }) => ({ reference, digest }))
      .sort((a, b) => (a.reference < b.reference ? -1 : 1)),
  });
  return `sha256:${createHash("sha256")
    .update(text ?? "")
    .digest("hex")}`;
}
