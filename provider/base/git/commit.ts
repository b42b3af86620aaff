import { stat } from "node:fs/promises";
import { CommandError } from "../process/command-error";
import { isFullRevision, type Revision } from "../revision/revision";
import { answerOf, reasonOf, type Answer } from "./answer";
import { changesIn } from "./changes";
import { filteredWords } from "./filtered-words";
import { gitIn, type Git } from "./git";
import { sameTreeOn, type SameTree } from "./same-tree";

/** What a work tree says about one revision. */
export interface CommitFacts {
  /** Why no question can be asked; null when the directory is a work tree. */
  missing: string | null;
  /** Whether the revision is a commit of this repository. */
  exists: Answer;
  /** Whether the branch exists and contains the commit; null when no branch was asked for. */
  onBranch: Answer<"yes" | "no" | "no branch"> | null;
  /** Which commit of the branch has the same files; null when the commit is on it, or that was not asked. */
  sameTree: Answer<SameTree> | null;
  /** Changed and untracked files, as git names them. Ignored files don't count. */
  dirty: Answer<string[]>;
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
  tip: Answer<string | null>,
): Promise<Answer<"yes" | "no" | "no branch">> {
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

/** What is known of a commit and a branch. */
async function branchFacts(
  git: Git,
  revision: Revision | null,
  branch: string,
): Promise<Pick<CommitFacts, "onBranch" | "sameTree">> {
  const tip = await answerOf(() => tipOf(git, branch));
  const answer = await onBranch(git, revision, tip);
  const away = "is" in answer && answer.is === "no";
  if (!away || revision === null || "unknown" in tip || tip.is === null) {
    return { onBranch: answer, sameTree: null };
  }
  const found = tip.is;
  return { onBranch: answer, sameTree: await answerOf(() => sameTreeOn(git, revision, found)) };
}

/** The files of {@link CommitFacts.dirty}. */
async function dirtyFiles(worktree: string, seconds: number): Promise<Answer<string[]>> {
  const found = await answerOf(() => changesIn(worktree, { untracked: true, scope: "all", seconds }));
  if ("unknown" in found) return found;
  const { files, doubtful } = found.is;
  return files.length > 0 || doubtful.length === 0 ? { is: files } : { unknown: filteredWords(doubtful) };
}

/**
 * Asks a work tree about one revision. Nothing is written or fetched, and no program of the work tree runs. What git or the file system can't answer becomes
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
    const onBranch = branch === null ? null : unknown;
    return { missing, exists: unknown, onBranch, sameTree: null, dirty: unknown };
  }
  const full = isFullRevision(revision) ? revision : null;
  const [there, ancestor, dirty] = await Promise.all([
    full === null ? NOT_FULL : exists(git, full),
    branch === null ? { onBranch: null, sameTree: null } : branchFacts(git, full, branch),
    dirtyFiles(worktree, seconds),
  ]);
  return { missing, exists: there, ...ancestor, dirty };
}
