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

/** Flags that say how an image is judged. */
export interface AskedFlags extends CommonFlags {
  worktree?: string;
  branch?: string;
  dirty?: string;
  requireVerified?: boolean;
}

/**
 * The store that the user names, and whether the image has to be verified there. Also without that demand the store helps:
 * its record proves that a label was stamped on the image. The settings in the store may demand it too.
 *
 * @param unset the answer if neither a flag nor a setting says anything
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
 * The clause about the work tree that the flags ask for; undefined: they ask for none.
 *
 * @throws {InputError} when the flags make no sense; they are never ignored then
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
