import type { CapturedPackage } from "./types";

/**
 * Packages in canonical order: by ecosystem, root, name, architecture, version, then the remaining facts,
 * compared by UTF-16 code units so that no locale matters. Exact duplicates are removed; one identity with
 * two versions (two dist-info directories of one name, say) stays twice.
 */
export function orderedPackages(packages: readonly CapturedPackage[]): CapturedPackage[] {
  const keyed = packages.map((item) => ({ item, key: sortKey(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.filter(({ key }, at) => key !== keyed[at - 1]?.key).map(({ item }) => item);
}

function sortKey(item: CapturedPackage): string {
  const { ecosystem, root, name, arch, version, hash, stage, installer } = item;
  return [ecosystem, root, name, arch, version, hash, stage, installer].map((part) => part ?? "").join("\0");
}
