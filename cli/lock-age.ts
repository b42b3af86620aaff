import { GIT_SECONDS, gitIn } from "../provider/base/git/git";

const DAY_MS = 86_400_000;
/** `<name>:<timestamp>`, as a build is called. */
const BUILT = /^[^/]*:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z(?:-\d+)?$/;

/** The time in a build's timestamp; null: the name has none. */
function builtAt(reference: string): number | null {
  const [, ...digits] = BUILT.exec(reference) ?? [];
  if (digits.length === 0) return null;
  const [year = 0, month = 1, day = 1, ...time] = digits.map(Number);
  return Date.UTC(year, month - 1, day, ...time);
}

/** When git last recorded a change of a file, `<path>` or `<revision>:<path>`; null: git knows nothing of it. */
async function committedAt(name: string, directory: string): Promise<number | null> {
  const [, revision = "HEAD", path = name] = /^([^:-][^:]*):(.+)$/.exec(name) ?? [];
  try {
    const args = ["log", "-1", "--format=%ct", revision, "--", path];
    const { stdout } = await gitIn(directory, GIT_SECONDS)(args);
    return /^\d+$/.test(stdout.trim()) ? Number(stdout) * 1000 : null;
  } catch {
    return null;
  }
}

/** How many days ago a lock was made: a build's time, or the last commit of a lock file. Null: it can't be told. */
export async function ageInDays(name: string, directory: string, now: number): Promise<number | null> {
  const made = builtAt(name) ?? (await committedAt(name, directory));
  return made === null ? null : Math.max(0, Math.floor((now - made) / DAY_MS));
}
