import { isFullRevision, type Revision } from "../revision/revision";
import { GIT_SECONDS, gitIn } from "./git";

export { GIT_SECONDS } from "./git";

/**
 * The full SHA of HEAD in a work tree, or `""` on any doubt: no such directory, no work tree, no commit,
 * git missing, failing or slower than the limit. Never throws.
 *
 * @param worktree directory inside the work tree
 * @param seconds limit, default 30
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
