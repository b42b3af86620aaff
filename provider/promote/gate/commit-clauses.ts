import type { CommitFacts } from "../../base/git/commit";
import type { Clause } from "./clause";

/** Where the promoted revision has to be found. */
export interface CommitInput {
  /** Directory inside the work tree. */
  worktree: string;
  /** Branch that has to contain the commit: a local one, or a remote's such as `origin/main`. Default: not checked. */
  branch?: string;
  /** Changed or untracked files in the work tree: warn about them or refuse. Default `warn`. */
  dirty?: "warn" | "refuse";
}

/** Characters of a revision that are shown. */
const SHOWN = 12;
/** Files that are named; of the others only the number is given. */
const NAMED = 3;

/** The first few files. Escaped as in JSON, so that a strange name can't break the line. */
function files(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => JSON.stringify(name).slice(1, -1));
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? `, +${more} more` : ""}`;
}

/** Whether the branch has the same files in another commit, as after a squash merge. It is no less a refusal. */
function treeWords(sameTree: CommitFacts["sameTree"], branch: string): string {
  if (sameTree === null) return "";
  if ("unknown" in sameTree) {
    return `; whether a commit of ${branch} has the same tree can't be told: ${sameTree.unknown}`;
  }
  const { commit, looked } = sameTree.is;
  if (commit !== null) return `; the tree is the same as that of ${commit.slice(0, SHOWN)} on ${branch}`;
  return looked === "all"
    ? `; no commit on ${branch} has the same tree`
    : `; none of the newest ${looked} commits on ${branch} has the same tree`;
}

/**
 * Clauses about a revision in a work tree: is it a commit there, is it on the branch, is the work tree clean. A question
 * that git can't answer is a refusal.
 *
 * @param revision the expected one
 */
export function commitClauses(revision: string, input: CommitInput, facts: CommitFacts): Clause[] {
  const short = revision.trim().slice(0, SHOWN) || "(empty)";
  const { worktree, branch } = input;
  if (facts.missing !== null) {
    const message = `there is no git work tree at ${worktree} to find ${short} in: ${facts.missing}; name the work tree that the revision was validated in`;
    return [{ property: "commit.worktree", ok: false, message }];
  }
  const clauses: Clause[] = [];
  const no = (property: string, message: string): void => void clauses.push({ property, ok: false, message });
  const yes = (property: string, message: string): void => void clauses.push({ property, ok: true, message });

  if ("unknown" in facts.exists) {
    no("commit", `whether ${short} is a commit in ${worktree} can't be told: ${facts.exists.unknown}`);
  } else if (facts.exists.is) yes("commit", `${short} is a commit in ${worktree}`);
  else no("commit", `${short} is no commit in ${worktree}; fetch it, or expect a revision that is in there`);

  if (facts.onBranch !== null && branch !== undefined) {
    const { onBranch } = facts;
    if ("unknown" in onBranch) {
      no("commit.branch", `whether ${short} is on the branch ${branch} can't be told: ${onBranch.unknown}`);
    } else if (onBranch.is === "yes") yes("commit.branch", `${short} is on the branch ${branch}`);
    else if (onBranch.is === "no") {
      no(
        "commit.branch",
        `${short} is not on the branch ${branch} of ${worktree}; merge it, or expect one that is${treeWords(facts.sameTree, branch)}`,
      );
    } else {
      no(
        "commit.branch",
        `there is no branch ${branch} in ${worktree}; fetch it (a remote's is named as in origin/main), or name another one`,
      );
    }
  }

  const { dirty } = facts;
  if ("unknown" in dirty) {
    no("commit.dirty", `whether the work tree ${worktree} is clean can't be told: ${dirty.unknown}`);
  } else if (dirty.is.length > 0) {
    const what = `the work tree ${worktree} is not what was committed (${files(dirty.is)})`;
    if (input.dirty === "refuse") no("commit.dirty", `${what}; commit, stash or ignore them`);
    else clauses.push({ property: "commit.dirty", ok: true, warning: true, message: what });
  } else yes("commit.dirty", `the work tree ${worktree} is clean`);
  return clauses;
}
