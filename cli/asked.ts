import { resolve } from "node:path";
import type { CommitInput } from "../provider/promote/gate/commit-clauses";
import { checkShapes } from "../provider/inputs/check-shapes";
import { InputError } from "../provider/inputs/failure";
import { commit } from "../provider/inputs/shapes";
import type { CommonFlags } from "./flags/common";
import { REVISION_VARIABLE } from "./gate-answer";
import { requireVerifiedSetting } from "./settings";
import { readSettingsFile } from "./settings-file";
import { existingRoot, givenRoot } from "./store-root";
import type { World } from "./world";

/** Flags by which an image is judged. */
export interface AskedFlags extends CommonFlags {
  worktree?: string;
  branch?: string;
  dirty?: string;
  requireVerified?: boolean;
}

/**
 * The store that is named, which proves what was stamped there, and whether it has to have the image as verified; a store
 * that is named and not there may demand it.
 *
 * @param unset what holds where neither a flag nor a setting says anything
 */
export async function askedStore(
  world: World,
  flags: AskedFlags,
  unset = false,
): Promise<{ root: string | undefined; requireVerified: boolean }> {
  const root = givenRoot(flags.root, world.env);
  if (flags.requireVerified === false) return { root, requireVerified: false };
  const file = root === undefined ? null : await readSettingsFile(await existingRoot(root, world.env));
  const requireVerified = requireVerifiedSetting({ file, env: world.env, flags }, unset);
  return { root: requireVerified ? await existingRoot(root, world.env) : root, requireVerified };
}

/**
 * What the flags ask of a work tree.
 *
 * @throws {InputError} when they make no sense: what was meant to be asked is never left out
 */
export function askedCommit(
  world: World,
  flags: AskedFlags,
  expected: string | null,
): CommitInput | undefined {
  const { worktree, branch, dirty } = flags;
  if (worktree === undefined && branch === undefined && dirty === undefined) return undefined;
  const failures = checkShapes({ commit: { worktree, branch, dirty } }, { commit }, {}, () => false);
  if (expected === null) {
    const reason = `needs --expected-revision or ${REVISION_VARIABLE}: without a revision there is nothing to find in the work tree`;
    failures.push({ property: "commit", reason });
  }
  if (failures.length > 0) throw new InputError(failures);
  const read = commit.parse({ worktree, branch, dirty });
  return { ...read, worktree: resolve(world.directory, read.worktree) };
}
