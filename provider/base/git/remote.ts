import { isVerifiedImagesError } from "../errors/base";
import { GIT_SECONDS, gitIn } from "./git";
import { withoutEnd } from "../words/cut";

/**
 * The repository's name from the address of a git remote: `owner/name`, or more parts where there are groups. Null
 * where the address has no such name (a local path, a file, another scheme).
 *
 * Reads `https://`, `http://`, `ssh://` and `git://` addresses and ssh's short form `user@host:owner/name` (git-clone
 * manual, "Git URLs"). Credentials, ports and a `.git` at the end are left out.
 */
export function repositoryOfRemote(address: string): string | null {
  const text = address.trim();
  const path = text.includes("://")
    ? /^(?:https?|ssh|git):\/\/[^/]+\/(.+)$/.exec(text)?.[1]
    : /^(?:[^@/:\s]+@)?(?:\[[0-9a-fA-F:]+\]|[^@/:\s[\]]{2,}):(?!\/\/)(.+)$/.exec(text)?.[1];
  const parts = withoutEnd(path ?? "", "/")
    .replace(/^\/+/, "")
    .replace(/\.git$/, "")
    .split("/");
  const plain = parts.every((part) => /^[A-Za-z0-9_.~-]+$/.test(part) && part !== "." && part !== "..");
  return parts.length >= 2 && plain ? parts.join("/") : null;
}

/**
 * The repository that a directory's remote `origin` names. Null when git fails, or when the address names none.
 *
 * @param seconds limit for the git command, in seconds; default 30
 */
export async function originRepository(
  directory: string,
  seconds: number = GIT_SECONDS,
): Promise<string | null> {
  try {
    const { stdout } = await gitIn(directory, seconds)(["remote", "get-url", "origin"]);
    return repositoryOfRemote(stdout);
  } catch (error) {
    if (isVerifiedImagesError(error)) return null;
    throw error;
  }
}
