import * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../provider/promote/gate/rollout";
import { rolloutApplies } from "../provider/promote/gate/rollout-applies";
import {
  configuredRollout,
  ROLLOUT_KEYS,
  rolloutFailures,
  type RolloutTexts,
} from "../provider/promote/gate/rollout-settings";
import { GIT_SECONDS } from "../provider/base/git/git";
import { sightingOf, type Sighting } from "../provider/base/git/still";
import { InputError } from "../provider/inputs/failure";

/** Arguments of {@link releaseAnchor}. */
export interface ReleaseAnchorOptions {
  /** The repository's name as in the rollout, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is released. */
  worktree: string;
  /** Full git revision; default: HEAD of `worktree`. */
  revision?: string;
  /** The repositories that stamp and gate are on for. Default: the stack's configuration; if that has none, they are on. */
  rollout?: Rollout;
  /** `git`: seconds that one git command may take. Default 30. */
  timeouts?: { git?: number };
}

/** The settings of stamp and gate, from one revision. Both are on, or both are off. */
export interface ReleaseAnchor {
  /** Whether the rollout applies to the repository. */
  applies: boolean;
  /** The revision; `""` if it is in doubt (then both resources refuse it), or if the rollout does not apply. */
  revision: string;
  /** Inputs for `ReproducibleImage`. */
  stamp: { revision?: string; readFrom?: Sighting };
  /** Inputs for `PromotedImage`. */
  gate: { expectedRevision?: string; enabled: boolean };
}

/**
 * The rollout of this stack: the one that the program gives, else that of `verified-images:enabled`,
 * `verified-images:repositories` and `verified-images:selfRepository`; null: neither is set.
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
 * Stamp and gate of a release from one revision, so that one can't be on without the other:
 *
 * ```ts
 * const anchor = await releaseAnchor({ repository: "example/shop", worktree: "../shop" });
 * const image = new ReproducibleImage("shop", { context: "../shop", root: "../artifacts", ...anchor.stamp });
 * new PromotedImage("production", { source: image.imageId, targets: ["shop:production"], ...anchor.gate });
 * ```
 *
 * @throws {InputError} when the rollout can't be read; it is never taken for "off" then
 */
export async function releaseAnchor(options: ReleaseAnchorOptions): Promise<ReleaseAnchor> {
  const { repository, worktree, timeouts } = options;
  const applies = await rolloutApplies(repository, rolloutOf(options.rollout), timeouts?.git);
  if (!applies) return { applies, revision: "", stamp: {}, gate: { enabled: false } };
  const read =
    options.revision === undefined ? await sightingOf(worktree, timeouts?.git ?? GIT_SECONDS) : null;
  const revision = options.revision ?? read?.head ?? "";
  const stamp = read === null ? { revision } : { revision, readFrom: read };
  return { applies, revision, stamp, gate: { expectedRevision: revision, enabled: true } };
}
