import type { DpkgPackage, DpkgRecord } from "./status";

/**
 * The packages after the pending updates, as dpkg takes them: in the order of the files' names, each replacing what was
 * known of its package. Architectures are different packages only where both are real ones.
 */
export function updated(
  packages: readonly DpkgPackage[],
  updates: readonly (readonly [path: string, records: readonly DpkgRecord[]])[],
): DpkgPackage[] {
  if (updates.length === 0) return [...packages];
  const known = new Map(packages.map((item) => [`${item.name}:${item.architecture ?? ""}`, item]));
  const ordered = [...updates].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, records]) => records);
  for (const { name, architecture = "", installed } of ordered) {
    const key = `${name}:${architecture}`;
    if (!known.has(key)) {
      for (const neutral of ["", "all"]) known.delete(`${name}:${neutral}`);
    }
    known.delete(key);
    if (installed !== null) known.set(key, installed);
  }
  return [...known.values()];
}

/** Whether dpkg accepts the names of update files: it refuses them unless all have the same length. */
export function areOrdered(paths: readonly string[]): boolean {
  return paths.every((path) => path.length === paths[0]?.length);
}
