import { stat } from "node:fs/promises";
import { isVerifiedImagesError } from "../errors/base";
import { onOneLine } from "../errors/message";
import { CommandError } from "../process/command-error";
import { isFullRevision, type Revision } from "../revision/revision";
import { gitIn, type Git } from "./git";

/** The answer to one question about a work tree: `is` is the answer, `unknown` says why there is none. */
export type Answer<T = boolean> = { is: T } | { unknown: string };

/** What a work tree says about one revision. */
export interface CommitFacts {
  /** Why no question can be asked; null when the directory is a work tree. */
  missing: string | null;
  /** Whether the revision is a commit of this repository. */
  exists: Answer;
  /** Whether the branch exists and contains the commit; null when no branch was asked for. */
  onBranch: Answer<"yes" | "no" | "no branch"> | null;
  /** Changed and untracked files, as git names them. Ignored files don't count. */
  dirty: Answer<string[]>;
}

/** Says on one line why git gave no answer. */
function reasonOf(error: unknown): string {
  if (!isVerifiedImagesError(error)) throw error;
  if (!(error instanceof CommandError)) return error.message;
  const { failure } = error;
  if (failure.notStarted && failure.hindered !== true) return "git could not be started; is it installed?";
  if (failure.timedOut)
    return `${failure.command} did not finish within ${(failure.timeoutMs ?? 0) / 1000} s (timeouts.git)`;
  return onOneLine(error.message);
}

async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { is: await work() };
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

/** Why a directory is no git work tree; null when it is one. */
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
    return reasonOf(error);
  }
}

/** A shallow clone lacks commits that its repository has. */
const isShallow = async (git: Git): Promise<boolean> =>
  (await git(["rev-parse", "--is-shallow-repository"])).stdout.trim() !== "false";

const SHALLOW = "the clone is shallow, so that can't be told; git fetch --unshallow completes it";

const NOT_FULL = { unknown: "it is not a full git revision" };

async function exists(git: Git, revision: Revision): Promise<Answer> {
  const found = await answerOf(
    async () => (await git(["cat-file", "--batch-check"], `${revision}\n`)).stdout,
  );
  if ("unknown" in found) return found;
  // In a SHA-256 repository 40 digits can abbreviate the name of another object, so the whole name is compared.
  if (found.is.startsWith(`${revision} commit `)) return { is: true };
  const shallow = await answerOf(() => isShallow(git));
  if ("unknown" in shallow) return shallow;
  return shallow.is ? { unknown: SHALLOW } : { is: false };
}

/** The commit at the tip of a local branch, or of a remote's branch such as `origin/main`; null when there is neither. */
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
  const tip = await answerOf(() => tipOf(git, branch));
  if ("unknown" in tip) return tip;
  if (tip.is === null) return { is: "no branch" };
  if (revision === null) return NOT_FULL;
  try {
    await git(["merge-base", "--is-ancestor", revision, tip.is]);
    return { is: "yes" };
  } catch (error) {
    // git exits with 1 to say no. Any other failure is no answer.
    if (!(error instanceof CommandError) || error.failure.exitCode !== 1) return { unknown: reasonOf(error) };
  }
  const shallow = await answerOf(() => isShallow(git));
  if ("unknown" in shallow) return shallow;
  return shallow.is ? { unknown: SHALLOW } : { is: "no" };
}

const changes = async (git: Git): Promise<string[]> => {
  const { stdout } = await git([
    "status",
    "--porcelain=v1",
    "--untracked-files=normal",
    "--no-renames",
    // Shows changed submodules even where the repository's configuration ignores them.
    "--ignore-submodules=none",
    "-z",
  ]);
  return stdout.split("\0").flatMap((entry) => (entry === "" ? [] : [entry.slice(3)]));
};

/**
 * Asks a work tree about one revision. Nothing is written or fetched. What git or the file system can't answer becomes
 * `unknown`; it throws nothing.
 *
 * @param worktree any directory inside the work tree; the state of the whole work tree counts
 * @param branch a local branch, a remote's (`origin/main`), or a full name below `refs/`; null: the branch does not
 *   matter
 * @param seconds limit for each git command, in seconds
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
    answerOf(() => changes(git)),
  ]);
  return { missing, exists: there, onBranch: ancestor, dirty };
}
