import { spdxTime } from "../provider/packages/views/spdx";
import { TIMESTAMP } from "../provider/store/timestamp";
import { GIT_SECONDS, gitIn } from "../provider/base/git/git";

const DAY_MS = 86_400_000;
/** The time of a build, `<name>:<timestamp>`; null: the name has none. */
function builtAt(reference: string): number | null {
  const timestamp = reference.slice(reference.lastIndexOf(":") + 1);
  return TIMESTAMP.test(timestamp) ? Date.parse(spdxTime(timestamp)) : null;
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
