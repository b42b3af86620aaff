import type { Revision } from "../revision/revision";
import type { Git } from "./git";

/** Whether a branch has the files of a commit that is not on it. */
export interface SameTree {
  /** The newest commit of the branch that has exactly these files; null: none was found. */
  commit: string | null;
  /** How many commits were looked at, from the newest on. */
  looked: number | "all";
}

/** Commits of a branch that are looked at. */
const MOST = 10_000;

/**
 * Looks for a commit on a branch that has the same tree as another commit. A squash merge makes one.
 *
 * @param tip the branch's newest commit
 * @throws {CommandError} when git fails
 */
export async function sameTreeOn(git: Git, revision: Revision, tip: string): Promise<SameTree> {
  const tree = (await git(["rev-parse", "--verify", `${revision}^{tree}`])).stdout.trim();
  const { stdout } = await git(["rev-list", `--max-count=${MOST}`, "--format=%H %T", tip]);
  // rev-list puts a line "commit <name>" before each.
  const pairs = stdout.split("\n").flatMap((line) => {
    const [commit, itsTree, ...more] = line.split(" ");
    return commit === "commit" || itsTree === undefined || more.length > 0 ? [] : [{ commit, itsTree }];
  });
  const commit = pairs.find(({ itsTree }) => itsTree === tree)?.commit ?? null;
  return { commit, looked: pairs.length < MOST ? "all" : MOST };
}
