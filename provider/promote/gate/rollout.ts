/** For which repositories the freshness gate is switched on. */
export interface Rollout {
  enabled: boolean;
  /** Comma separated or a list. Empty: only the repository of the program itself. */
  repositories?: string | readonly string[] | null;
  /** The repository that contains the program itself, as `owner/name`. */
  selfRepository?: string | null;
}

function names(list: Rollout["repositories"]): string[] {
  const parts = typeof list === "string" ? list.split(",") : [...(list ?? [])];
  return parts.map((part) => part.trim().toLowerCase()).filter((part) => part !== "");
}

/**
 * Whether the freshness gate applies to a repository. Switched off: no. With a list: only to its members. With an empty
 * list: only to `selfRepository`. Upper and lower case are alike. An argument that can't be read means no; it never throws.
 */
export function imageFreshnessApplies(repository: string, rollout: Rollout): boolean {
  try {
    if (rollout.enabled !== true) return false;
    const name = repository.trim().toLowerCase();
    if (name === "") return false;
    const listed = names(rollout.repositories);
    if (listed.length > 0) return listed.includes(name);
    return (rollout.selfRepository ?? "").trim().toLowerCase() === name;
  } catch {
    return false;
  }
}
