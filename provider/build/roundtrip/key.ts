import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { hiddenValue } from "../../base/words/hidden-value";
import { secretEntries } from "../../inputs/secret-inputs";
import { seenInputs, type BuildPlan } from "../../inputs/image-inputs";
import type { Source } from "./source";

/** A base image: its reference in the recipe, and the digest that this resolves to. */
type Base = Readonly<{ reference: string; digest: string }>;

/**
 * A plan with hashes in place of secrets. They are slow to make, so that nobody guesses a secret by the key. The salt is the
 * same each time, because the key has to be.
 */
function withHashes(plan: BuildPlan): BuildPlan {
  const result = { ...plan, buildArgs: { ...plan.buildArgs }, labels: { ...plan.labels } };
  for (const { kind, name, value } of secretEntries(plan)) {
    const salt = createHash("sha256")
      .update(JSON.stringify([plan.name, kind, name]))
      .digest("hex");
    result[kind][name] = hiddenValue(value, salt.slice(0, 32));
  }
  return result;
}

/** The key of a build from a committed lock whose image is not the lock's. */
export function lockedKey(key: string, lock: string | null): string {
  return `sha256:${createHash("sha256")
    .update(`${key} ${lock ?? ""}`)
    .digest("hex")}`;
}

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
    ...seenInputs.parse(withHashes(plan)),
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
