import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { seenInputs, type BuildPlan } from "../../inputs/image-inputs";
import type { Source } from "./source";

/** A base image: its reference in the recipe, and the digest that this resolves to. */
type Base = Readonly<{ reference: string; digest: string }>;

/**
 * A key over everything that a build can see. With an equal key a build would only repeat the earlier one. The revision is
 * part of the key, so a new revision always builds: images with a stale label are what this package is there to prevent.
 * Of secrets only the ids are part of it, so a new value of a secret is no reason to build.
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
