import { messageOf, onOneLine } from "../base/errors/message";
import { gitIn } from "../base/git/git";
import { CommandError } from "../base/process/command-error";

/** What speaks against building a context as a revision. */
export interface ContextDoubts {
  /** Why it surely is another one, or can't be told; null: it is not refused. */
  refused: string | null;
  /** What the operator may take on trust. */
  doubts: string[];
}

/** Names that are shown of what has changed. */
const NAMED = 5;

const short = (revision: string): string => revision.slice(0, 12);

/** git's own quotes keep each name on its line. */
function changeWords(lines: readonly string[]): string {
  const shown = lines.slice(0, NAMED).map((line) => line.slice(3));
  const more = lines.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/**
 * Whether a build context is what a revision has: a stamp that is not what was built would make the gate pass what nobody
 * has validated. Only the repository that the directory is in is asked.
 *
 * @param seconds limit for each git command
 */
export async function contextDoubts(
  context: string,
  revision: string,
  seconds: number,
): Promise<ContextDoubts> {
  const git = gitIn(context, seconds);
  const refused = (words: string): ContextDoubts => ({ refused: words, doubts: [] });
  const doubted = (words: string): ContextDoubts => ({ refused: null, doubts: [words] });
  try {
    const head = (await git(["rev-parse", "--verify", "HEAD^{commit}"])).stdout.trim();
    if (head !== revision) {
      return refused(`the build context is at ${short(head)}, and not at the revision (${short(revision)})`);
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { notStarted, stderr } = error.failure;
    if (notStarted) return doubted("without git nobody can tell whether the build context is the revision");
    if (/not a git repository/.test(stderr)) {
      return doubted("the build context is no git work tree: that it is the revision is taken on trust");
    }
    return refused(`can't tell which revision the build context is: ${onOneLine(messageOf(error))}`);
  }
  try {
    const how = ["--porcelain", "--untracked-files=normal", "--no-renames", "--ignore-submodules=none"];
    const { stdout } = await git(["status", ...how, "--", "."]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    if (lines.length === 0) return { refused: null, doubts: [] };
    return doubted(
      `the build context IS NOT WHAT THE REVISION (${short(revision)}) HAS; changed and not committed: ${changeWords(lines)}`,
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const why = onOneLine(messageOf(error));
    return doubted(`can't tell whether the build context has changes that are not committed: ${why}`);
  }
}
