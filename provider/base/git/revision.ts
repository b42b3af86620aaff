import { isFullRevision, type Revision } from "../revision/revision";
import { GIT_SECONDS, gitIn } from "./git";

export { GIT_SECONDS } from "./git";

/**
 * The full SHA of HEAD in a work tree. It is `""` when that can't be found out: there is no such directory, no work
 * tree or no commit, or git is missing, fails or takes longer than the limit. Never throws.
 *
 * @param worktree any directory inside the work tree
 * @param seconds limit for each git command, in seconds; default 30
 */
export async function validatedRevision(
  worktree: string,
  seconds: number = GIT_SECONDS,
): Promise<Revision | ""> {
  if (typeof worktree !== "string" || worktree.trim() === "") return "";
  try {
    const git = gitIn(worktree, seconds);
    const inside = await git(["rev-parse", "--is-inside-work-tree"]);
    if (inside.stdout.trim() !== "true") return "";
    const head = await git(["rev-parse", "--verify", "HEAD^{commit}"]);
    const revision = head.stdout.trim();
    return isFullRevision(revision) ? revision : "";
  } catch {
    return "";
  }
}
