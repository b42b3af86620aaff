import * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../provider/promote/gate/rollout";
import { rolloutApplies } from "../provider/promote/gate/rollout-applies";
import {
  configuredRollout,
  ROLLOUT_KEYS,
  rolloutFailures,
  type RolloutTexts,
} from "../provider/promote/gate/rollout-settings";
import { validatedRevision } from "../provider/base/git/revision";
import { InputError } from "../provider/inputs/failure";

/** What a release is anchored to. */
export interface ReleaseAnchorOptions {
  /** The repository's name, as the rollout knows it, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is what gets released. */
  worktree: string;
  /** Full git revision; default: HEAD of `worktree`. */
  revision?: string;
  /** Where stamp and gate are on; default: the stack's configuration, and without any: here. */
  rollout?: Rollout;
  /** `git`: seconds that one git command may take; default 30. */
  timeouts?: { git?: number };
}

/** One anchor for stamp and gate: both are on, or both are off. */
export interface ReleaseAnchor {
  /** Whether the rollout applies to the repository. */
  applies: boolean;
  /** The anchor; `""` on any doubt, which both resources refuse, and where the rollout does not apply. */
  revision: string;
  /** For `ReproducibleImage`. */
  stamp: { revision?: string };
  /** For `PromotedImage`. */
  gate: { expectedRevision?: string; enabled: boolean };
}

/**
 * The rollout of this stack: what the program gives, else what `verified-images:enabled`, `verified-images:repositories`
 * and `verified-images:selfRepository` say; null when neither says anything.
 *
 * @throws {InputError} naming everything that can't be read
 */
export function rolloutOf(given: Rollout | undefined): Rollout | null {
  const config = new pulumi.Config("verified-images");
  const texts: RolloutTexts = {
    enabled: config.get(ROLLOUT_KEYS.enabled),
    repositories: config.get(ROLLOUT_KEYS.repositories),
    selfRepository: config.get(ROLLOUT_KEYS.selfRepository),
  };
  const { rollout, failures } = given
    ? { rollout: given, failures: rolloutFailures(given) }
    : configuredRollout(texts);
  if (failures.length > 0) throw new InputError(failures);
  if (rollout === null) return null;
  return { ...rollout, selfRepository: rollout.selfRepository ?? texts.selfRepository ?? null };
}

/**
 * Stamp and gate of a release from one anchor, so that they can't be on apart:
 *
 * ```ts
 * const anchor = await releaseAnchor({ repository: "example/shop", worktree: "../shop" });
 * const image = new ReproducibleImage("shop", { context: "../shop", root: "../artifacts", ...anchor.stamp });
 * new PromotedImage("production", { source: image.imageId, targets: ["shop:production"], ...anchor.gate });
 * ```
 *
 * @throws {InputError} when the rollout's configuration can't be read: nothing is taken for "off"
 */
export async function releaseAnchor(options: ReleaseAnchorOptions): Promise<ReleaseAnchor> {
  const { repository, worktree, timeouts } = options;
  const applies = await rolloutApplies(repository, rolloutOf(options.rollout), timeouts?.git);
  if (!applies) return { applies, revision: "", stamp: {}, gate: { enabled: false } };
  const revision = options.revision ?? (await validatedRevision(worktree, timeouts?.git));
  return { applies, revision, stamp: { revision }, gate: { expectedRevision: revision, enabled: true } };
}
