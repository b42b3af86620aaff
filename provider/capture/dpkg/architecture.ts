import type { DpkgPackage } from "./status";

/**
 * The image's own Debian architecture: that of the package `dpkg`, else the most common one (the first by
 * name among equals); null where no package names one but `all`.
 */
export function nativeArchitecture(packages: readonly DpkgPackage[]): string | null {
  const own = packages.find(({ name, architecture }) => name === "dpkg" && isReal(architecture));
  if (own?.architecture !== undefined) {
    return own.architecture;
  }
  const counts = new Map<string, number>();
  for (const { architecture } of packages) {
    if (architecture !== undefined && isReal(architecture)) {
      counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
    }
  }
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? null;
}

/** The architecture to record: only one that is neither `all` nor the image's own. */
export function foreignArchitecture(item: DpkgPackage, native: string | null): string | undefined {
  return isReal(item.architecture) && item.architecture !== native ? item.architecture : undefined;
}

function isReal(architecture: string | undefined): boolean {
  return architecture !== undefined && architecture !== "all";
}
