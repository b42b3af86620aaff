import { hasCredential } from "../../base/words/credentials";
import type { PinnedNpmProject } from "./pinned-stage";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a string is an address with a credential. Names and versions of packages can look like one (`jwt`). */
const isOpen = (value: unknown): boolean =>
  typeof value === "string" && value.includes("//") && hasCredential(value);

/** All values in a JSON document, itself included. */
function* valuesIn(document: unknown): Generator<unknown> {
  const open = [document];
  while (open.length > 0) {
    const value = open.pop();
    yield value;
    if (Array.isArray(value)) for (const item of value as unknown[]) open.push(item);
    else if (isObject(value)) for (const item of Object.values(value)) open.push(item);
  }
}

/**
 * A package-lock.json without credentials: the addresses of tarballs that have one are left out, as npm does it with
 * `omit-lockfile-registry-resolved`. npm then asks the registry that is configured. The integrity stays.
 *
 * @returns the same text if it has no credential; null: one stands where npm needs it (a git address, for example)
 */
export function withoutCredentials(lock: string): string | null {
  if (!lock.includes("//")) return lock;
  const document: unknown = JSON.parse(lock.replace(/^\uFEFF/, ""));
  let changed = false;
  for (const value of valuesIn(document)) {
    if (!isObject(value) || !isOpen(value.resolved)) continue;
    if (isOpen(value.version) || /^git[+:]/.test(String(value.resolved))) return null;
    delete value.resolved;
    changed = true;
  }
  for (const value of valuesIn(document)) if (isOpen(value)) return null;
  return changed ? `${JSON.stringify(document, null, 2)}\n` : lock;
}

/**
 * The npm projects whose lock files can be kept. A lock file with a credential in it goes two ways. Where it comes from the
 * context, the recipe's own file is there again in the rebuild, so no other one is needed. Where npm made it, npm's
 * configuration has the credential, and the lock file does without.
 *
 * @param fromContext whether the build context has a lock file of npm
 */
export function keptProjects<Project extends PinnedNpmProject>(
  projects: readonly Project[],
  fromContext: boolean,
): Project[] {
  return projects.flatMap((project) => {
    const lock = withoutCredentials(project.lock);
    if (lock === null || (fromContext && lock !== project.lock)) return [];
    return [{ ...project, lock }];
  });
}
