import type { BuildPlan } from "../../inputs/image-inputs";
import { isFrozen } from "../../inputs/check-lock";
import { defaultPlatform } from "../../inputs/recipe-settings";
import { contextImages } from "../../inputs/named-contexts";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import { LockFileError } from "./errors";
import { lockMeaning, type LockMeaning } from "./meaning";
import { readCommittedLock } from "./read-lock";

/** What the committed lock of a build means, and the hash of its bytes; null: there is no such file. */
export interface Committed {
  meaning: Exclude<LockMeaning, { kind: "unusable" }>;
  hash: string | null;
}

type Inputs = Pick<BuildPlan, "lock"> & Partial<BuildPlan>;

/** Whom to ask for another lock. */
const renewal = (name: string | undefined): string => `verified-images lock ${name ?? "<name>"}`;

/**
 * Reads the committed lock of a build, and says what it means. Nothing is built or written.
 *
 * @param renews the caller is about to renew the file, so a frozen one is no obstacle
 * @throws {LockFileError} when nothing can be built from the file, or it is frozen and does not fit
 */
export async function committedLock(
  inputs: Inputs,
  recipe: { parsed: ParsedDockerfile; references?: readonly string[] },
  renews = false,
): Promise<Committed> {
  const { lock: file } = inputs;
  if (file === null) return { meaning: { kind: "none" }, hash: null };
  const frozen = !renews && isFrozen(inputs.frozenLock, process.env);
  const read = await readCommittedLock(file);
  if (read === null) {
    if (frozen)
      throw new LockFileError(
        `the lock ${file} is missing, and the lock is frozen; write it with \`${renewal(inputs.name)}\`, and commit it`,
        file,
      );
    return { meaning: { kind: "none" }, hash: null };
  }
  const given = contextImages(inputs.contexts ?? {});
  const here = inputs.host === null && inputs.builder === null ? defaultPlatform() : undefined;
  const meaning = lockMeaning(read.lock, {
    recipe: recipe.parsed,
    target: inputs.target ?? null,
    platform: inputs.platform ?? here,
    references: recipe.references?.map((reference) => given.get(reference) ?? reference),
  });
  if (meaning.kind === "unusable")
    throw new LockFileError(`the lock ${file} can't be used: ${meaning.reason}`, file);
  if (meaning.kind === "changed" && frozen)
    throw new LockFileError(
      `the lock ${file} does not fit the recipe, and it is frozen (${meaning.changes.join("; ")}); renew it with ` +
        `\`${renewal(inputs.name)}\`, and commit it`,
      file,
    );
  return { meaning, hash: read.hash };
}
