import type { LockedPackage } from "../../packages/lock/types";

/** The form of the integrity with which npm checks a tarball (Subresource Integrity). */
const INTEGRITY = /^sha(?:1|256|384|512)-[A-Za-z0-9+/]+=*$/;

/**
 * The lines of the preload's JSON file: the locked versions by name, with their integrity. It is null if the lock has
 * none, or several. Each name has one line. Empty if nothing was installed by npm: then the preload forbids nothing.
 */
export function npmPins(packages: readonly LockedPackage[]): string[] {
  const names = new Map<string, Map<string, Set<string>>>();
  for (const { ecosystem, name, version, hash = "" } of packages) {
    if (ecosystem !== "npm") continue;
    const versions = names.get(name) ?? new Map<string, Set<string>>();
    names.set(name, versions);
    const hashes = versions.get(version) ?? new Set<string>();
    versions.set(version, INTEGRITY.test(hash) ? hashes.add(hash) : hashes);
  }
  if (names.size === 0) return [];
  // The JSON is put together as text, because a JavaScript object can't have an ordinary key `__proto__`.
  const object = (entries: string[], glue: string): string[] => ["{", entries.join(glue), "}"];
  const lines = [...names].map(([name, versions]) => {
    const known = [...versions].map(([version, hashes]) => {
      const integrity = hashes.size === 1 ? [...hashes][0] : null;
      return `${JSON.stringify(version)}:${JSON.stringify(integrity)}`;
    });
    return `${JSON.stringify(name)}:${object(known, ",").join("")}`;
  });
  return object(lines, ",\n").join("\n").split("\n");
}
