import { onOneLine } from "../errors/message";
import type { Revision } from "../revision/revision";
import { answerOf, type Answer } from "./answer";
import { changesIn, topOf } from "./changes";
import { gitIn } from "./git";
import { validatedRevision } from "./revision";

/** A work tree as it was when a revision was read from it. */
export interface Sighting {
  /** Any directory inside the work tree. */
  worktree: string;
  /** The revision: HEAD of the work tree. */
  head: Revision;
  /** Tracked files that were not as HEAD has them, relative to the top of the work tree. Null: that was not known. */
  changed: string[] | null;
}

/** A later look at the same work tree. */
export interface Look {
  head: Revision;
  /** Tracked files that are not as HEAD has them, or of which that can't be told. */
  changed: string[];
  /** The top of the work tree, absolute. */
  top: string;
}

/**
 * Looks at a work tree from which a revision is read. Null when HEAD can't be found out.
 *
 * @param seconds limit for each git command, in seconds
 */
export async function sightingOf(worktree: string, seconds: number): Promise<Sighting | null> {
  const head = await validatedRevision(worktree, seconds);
  if (head === "") return null;
  const look = await lookAt(worktree, seconds);
  return { worktree, head, changed: "is" in look && look.is.head === head ? look.is.changed : null };
}

/** Looks at a work tree again. */
export async function lookAt(worktree: string, seconds: number): Promise<Answer<Look>> {
  const head = await validatedRevision(worktree, seconds);
  if (head === "") return { unknown: "it has no validated revision now" };
  return await answerOf(async () => {
    const { files, doubtful } = await changesIn(worktree, { untracked: false, scope: "all", seconds });
    return { head, changed: [...files, ...doubtful], top: await topOf(gitIn(worktree, seconds)) };
  });
}

/**
 * The commits that HEAD of a work tree has pointed to, newest first (git's reflog). Null: git did not tell. Empty: it keeps no
 * such list.
 */
export async function headsOf(worktree: string, seconds: number): Promise<string[] | null> {
  const asked = await answerOf(async () => {
    const { stdout } = await gitIn(worktree, seconds)(["rev-list", "--walk-reflogs", "HEAD", "--"]);
    return stdout.split("\n").filter((line) => line !== "");
  });
  return "is" in asked ? asked.is : null;
}

/** A sentence where HEAD was moved to other commits and back again; null where nothing shows that. */
export function awayWords(
  { worktree, head }: Pick<Sighting, "worktree" | "head">,
  before: readonly string[] | null,
  now: readonly string[] | null,
): string | null {
  const added = before === null || now === null ? [] : now.slice(0, Math.max(0, now.length - before.length));
  const other = added.find((commit) => commit !== head);
  if (other === undefined) return null;
  return (
    `HEAD of the work tree ${onOneLine(worktree)} moved to ${short(other)} meanwhile, and back to ${short(head)}, ` +
    `so the image may have files of both; ${AGAIN}`
  );
}

const short = (revision: string): string => revision.slice(0, 12);

/** How many files are named. */
const NAMED = 3;

function named(files: readonly string[]): string {
  const shown = files.slice(0, NAMED).map((name) => JSON.stringify(name));
  const more = files.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const AGAIN = "leave the work tree alone while it is built from, and try again";

/**
 * Whether a work tree is still what a revision was read from. A `git pull` in between makes an image of other files than
 * those of the revision that it is stamped with.
 *
 * @param before the work tree when the revision was read
 * @param now the work tree after the build
 * @param concerns whether a file, relative to the work tree's top, can be in the image
 * @returns a sentence that says what moved, or why that can't be told; null: the work tree is still the same
 */
export function movedWords(
  { worktree: directory, head, changed }: Sighting,
  now: Answer<Look>,
  concerns: (top: string, path: string) => boolean,
): string | null {
  const worktree = onOneLine(directory);
  if ("unknown" in now) {
    return `whether the work tree ${worktree} is still at ${short(head)} can't be told: ${now.unknown}; ${AGAIN}`;
  }
  const { is: look } = now;
  if (look.head !== head) {
    return (
      `HEAD of the work tree ${worktree} moved meanwhile (${short(head)} -> ${short(look.head)}), ` +
      `so the image may have files of both; ${AGAIN}`
    );
  }
  if (changed === null) return null;
  const since = look.changed.filter((path) => !changed.includes(path) && concerns(look.top, path));
  if (since.length === 0) return null;
  return (
    `files of the work tree ${worktree} changed meanwhile (${named(since)}), ` +
    `so the image may not have what ${short(head)} has; ${AGAIN}`
  );
}
