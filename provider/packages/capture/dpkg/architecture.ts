import { mostCommon } from "../most-common";
import type { DpkgPackage } from "./status";

/**
 * The Debian architecture of the image: that of the package `dpkg`, else the most common one (of several, the first by
 * name). Null if there are no packages, or all of them are for `all`.
 */
export function nativeArchitecture(packages: readonly DpkgPackage[]): string | null {
  const own = packages.find(({ name, architecture }) => name === "dpkg" && isReal(architecture));
  if (own?.architecture !== undefined) {
    return own.architecture;
  }
  return mostCommon(packages.map(({ architecture }) => architecture).filter(isReal));
}

/** The architecture to record: only one that is neither `all` nor the image's. */
export function foreignArchitecture(item: DpkgPackage, native: string | null): string | undefined {
  return isReal(item.architecture) && item.architecture !== native ? item.architecture : undefined;
}

function isReal(architecture: string | undefined): architecture is string {
  return architecture !== undefined && architecture !== "all";
}
