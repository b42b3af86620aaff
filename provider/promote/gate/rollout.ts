/** Where the freshness gate is switched on. */
export interface Rollout {
  enabled: boolean;
  /** Comma separated or a list; empty means the self-hosting repository only. */
  repositories?: string | readonly string[] | null;
  /** The repository that hosts the program itself. */
  selfRepository?: string | null;
}

function names(list: Rollout["repositories"]): string[] {
  const parts = typeof list === "string" ? list.split(",") : [...(list ?? [])];
  return parts.map((part) => part.trim().toLowerCase()).filter((part) => part !== "");
}

/**
 * Whether the image-freshness gate applies to a repository: off means no; a list means its members; an empty
 * list means only the self-hosting repository; anything that can't be read means no. Never throws.
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
