import { messageOf, onOneLine } from "../base/errors/message";
import { gitIn } from "../base/git/git";
import { CommandError } from "../base/process/command-error";

/** Doubts about whether a build context really is what a revision contains. */
export interface ContextDoubts {
  /** Why the build is refused: the context is at another revision, or that can't be found out; null: not refused. */
  refused: string | null;
  /** Doubts that the operator may accept; each is a sentence. */
  doubts: string[];
}

/** How many changed files are named. */
const NAMED = 5;

const short = (revision: string): string => revision.slice(0, 12);

/** The first few changed files. git quotes strange names itself, so each stays on one line. */
function changeWords(lines: readonly string[]): string {
  const shown = lines.slice(0, NAMED).map((line) => line.slice(3));
  const more = lines.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/**
 * Checks that a build context contains what the revision contains. An image that is stamped with another revision than it
 * was built from would pass the gate although nobody validated its content. The answer is about the repository that the
 * directory is in.
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
    const { notStarted, hindered, stderr } = error.failure;
    if (notStarted && hindered !== true)
      return doubted("git is not installed, so it can't be checked that the build context is the revision");
    if (/not a git repository/.test(stderr)) {
      return doubted("the build context is no git work tree, so it can't be checked that it is the revision");
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
