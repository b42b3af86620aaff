import { run } from "../process/run";

/** Variables that would make git look at another repository (`git rev-parse --local-env-vars`). */
const REDIRECTIONS = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
];

/** Default limit for one git command, seconds. */
export const GIT_SECONDS = 30;

/** A full git object name: SHA-1 (40 hex digits) or SHA-256 (64), lower case. */
export function isFullRevision(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/**
 * The full SHA of HEAD in a work tree, or `""` on any doubt: no such directory, no work tree, no commit,
 * git missing, failing or slower than the limit. Never throws.
 *
 * @param worktree directory inside the work tree
 * @param seconds limit, default 30
 */
export async function validatedRevision(worktree: string, seconds: number = GIT_SECONDS): Promise<string> {
  if (typeof worktree !== "string" || worktree.trim() === "") return "";
  try {
    const env = Object.fromEntries(REDIRECTIONS.map((name) => [name, undefined]));
    const options = { timeoutMs: seconds * 1000, env };
    const inside = await run("git", ["-C", worktree, "rev-parse", "--is-inside-work-tree"], options);
    if (inside.stdout.trim() !== "true") return "";
    const head = await run("git", ["-C", worktree, "rev-parse", "--verify", "HEAD^{commit}"], options);
    const revision = head.stdout.trim();
    return isFullRevision(revision) ? revision : "";
  } catch {
    return "";
  }
}
