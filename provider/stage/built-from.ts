import { messageOf, onOneLine } from "../base/errors/message";
import { changesIn } from "../base/git/changes";
import { GitUnsureError } from "../base/git/errors";
import { filteredWords } from "../base/git/filtered-words";
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

const unsure = (why: string): string =>
  `can't tell whether the build context has changes that are not committed: ${why}`;

const short = (revision: string): string => revision.slice(0, 12);

/** A file's name; a strange one is quoted, so that it stays on one line. */
const plain = (name: string): string => (/^[^\s"\\\p{C}]+$/u.test(name) ? name : JSON.stringify(name));

/** The first few changed files. */
function changeWords(files: readonly string[]): string {
  const shown = files.slice(0, NAMED).map(plain);
  const more = files.length - shown.length;
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
    const { files, doubtful } = await changesIn(context, { untracked: true, scope: "here", seconds });
    if (files.length > 0) {
      return doubted(
        `the build context IS NOT WHAT THE REVISION (${short(revision)}) HAS; changed and not committed: ${changeWords(files)}`,
      );
    }
    return doubtful.length === 0 ? { refused: null, doubts: [] } : doubted(unsure(filteredWords(doubtful)));
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof GitUnsureError)) throw error;
    return doubted(unsure(onOneLine(messageOf(error))));
  }
}
