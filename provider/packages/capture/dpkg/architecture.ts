import { mostCommon } from "../most-common";
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
  return mostCommon(packages.map(({ architecture }) => architecture).filter(isReal));
}

/** The architecture to record: only one that is neither `all` nor the image's own. */
export function foreignArchitecture(item: DpkgPackage, native: string | null): string | undefined {
  return isReal(item.architecture) && item.architecture !== native ? item.architecture : undefined;
}

function isReal(architecture: string | undefined): architecture is string {
  return architecture !== undefined && architecture !== "all";
}
