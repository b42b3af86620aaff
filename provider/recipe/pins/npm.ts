import type { LockedPackage } from "../../packages/lock/types";

/** What npm compares a tarball with (Subresource Integrity). */
const INTEGRITY = /^sha(?:1|256|384|512)-[A-Za-z0-9+/]+=*$/;

/**
 * Lines of a JSON file for the preload: by name, the locked versions with their integrity (null where the lock does
 * not know it, or knows two). One name a line. Empty when nothing was installed by npm: nothing is forbidden then.
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
  // As text: an object would take the name __proto__ for something else.
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
