import { stat } from "node:fs/promises";
import { isVerifiedImagesError } from "../errors/base";
import { onOneLine } from "../errors/message";
import { CommandError } from "../process/command-error";
import { isFullRevision, type Revision } from "../revision/revision";
import { gitIn, type Git } from "./git";

/** One question about a work tree: yes, surely no, or can't tell and why. */
export type Told<T = boolean> = { is: T } | { unknown: string };

/** What a work tree knows of one revision. */
export interface CommitFacts {
  /** Why there is nothing to ask; null when the work tree is there. */
  missing: string | null;
  /** Whether the revision is a commit in it. */
  exists: Told;
  /** Whether the branch is there, and has the commit; null when no branch was asked for. */
  onBranch: Told<"yes" | "no" | "no branch"> | null;
  /** Changed and untracked files, as git names them; ignored ones don't count. */
  dirty: Told<string[]>;
}

/** What went wrong, on one line. */
function why(error: unknown): string {
  if (!isVerifiedImagesError(error)) throw error;
  if (!(error instanceof CommandError)) return error.message;
  const { failure } = error;
  if (failure.notStarted) return "git could not be started; is it installed?";
  if (failure.timedOut)
    return `${failure.command} did not finish within ${(failure.timeoutMs ?? 0) / 1000} s (timeouts.git)`;
  return onOneLine(error.message);
}

async function told<T>(work: () => Promise<T>): Promise<Told<T>> {
  try {
    return { is: await work() };
  } catch (error) {
    return { unknown: why(error) };
  }
}

/** Why a directory is no work tree; null when it is one. */
async function noWorktree(worktree: string, git: Git): Promise<string | null> {
  const facts = await stat(worktree).catch((error: NodeJS.ErrnoException) => error);
  if (facts instanceof Error) {
    return facts.code === "ENOENT"
      ? "there is no such directory"
      : `it can't be read (${facts.code ?? facts.message})`;
  }
  if (!facts.isDirectory()) return "it is not a directory";
  try {
    const inside = await git(["rev-parse", "--is-inside-work-tree"]);
    return inside.stdout.trim() === "true" ? null : "it is not inside a git work tree";
  } catch (error) {
    return why(error);
  }
}

/** A clone that was cut off lacks commits that its repository has. */
const isShallow = async (git: Git): Promise<boolean> =>
  (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() !== "false";

const SHALLOW = "the clone is shallow, so that can't be told; git fetch --unshallow completes it";

const NOT_FULL = { unknown: "it is not a full git revision" };

async function exists(git: Git, revision: Revision): Promise<Told> {
  const found = await told(async () => (await git(["cat-file", "--batch-check"], `${revision}\n`)).stdout);
  if ("unknown" in found) return found;
  // The name is compared as well: 40 digits are short for something else in a SHA-256 repository.
  if (found.is.startsWith(`${revision} commit `)) return { is: true };
  const shallow = await told(() => isShallow(git));
  if ("unknown" in shallow) return shallow;
  return shallow.is ? { unknown: SHALLOW } : { is: false };
}

/** Where a branch's tip is: a local branch, or a remote's as `origin/main`; null when there is neither. */
async function tipOf(git: Git, branch: string): Promise<string | null> {
  const asked = branch.startsWith("refs/") ? [branch] : [`refs/heads/${branch}`, `refs/remotes/${branch}`];
  const { stdout } = await git(["for-each-ref", "--format=%(objectname) %(refname)", ...asked]);
  const lines = stdout.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line.replace(/^\S+ /, "")]);
  for (const reference of asked) {
    const tip = lines.find(([, name]) => name === reference)?.[0];
    if (tip !== undefined) return tip;
  }
  return null;
}

async function onBranch(
  git: Git,
  revision: Revision | null,
  branch: string,
): Promise<CommitFacts["onBranch"]> {
  const tip = await told(() => tipOf(git, branch));
  if ("unknown" in tip) return tip;
  if (tip.is === null) return { is: "no branch" };
  if (revision === null) return NOT_FULL;
  try {
    await git(["merge-base", "--is-ancestor", revision, tip.is]);
    return { is: "yes" };
  } catch (error) {
    // 1 is git's no; everything else is none.
    if (!(error instanceof CommandError) || error.failure.exitCode !== 1) return { unknown: why(error) };
  }
  const shallow = await told(() => isShallow(git));
  if ("unknown" in shallow) return shallow;
  return shallow.is ? { unknown: SHALLOW } : { is: "no" };
}

const changes = async (git: Git): Promise<string[]> => {
  const { stdout } = await git([
    "status",
    "--porcelain=v1",
    "--untracked-files=normal",
    "--no-renames",
    // Whatever the repository's own configuration leaves out.
    "--ignore-submodules=none",
    "-z",
  ]);
  return stdout.split("\0").flatMap((entry) => (entry === "" ? [] : [entry.slice(3)]));
};

/**
 * Asks a work tree about one revision. Never throws for what git or the file system says; nothing is written or fetched.
 *
 * @param worktree directory inside the work tree; the state of the whole work tree counts
 * @param branch a local branch, a remote's (`origin/main`), or a full name below `refs/`; null: any place will do
 * @param seconds limit for each git command
 */
export async function commitFacts(
  worktree: string,
  revision: string,
  { branch, seconds }: { branch: string | null; seconds: number },
): Promise<CommitFacts> {
  const git = gitIn(worktree, seconds);
  const missing = await noWorktree(worktree, git);
  if (missing !== null) {
    const unknown = { unknown: missing };
    return { missing, exists: unknown, onBranch: branch === null ? null : unknown, dirty: unknown };
  }
  const full = isFullRevision(revision) ? revision : null;
  const [there, ancestor, dirty] = await Promise.all([
    full === null ? NOT_FULL : exists(git, full),
    branch === null ? null : onBranch(git, full, branch),
    told(() => changes(git)),
  ]);
  return { missing, exists: there, onBranch: ancestor, dirty };
}
