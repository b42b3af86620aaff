import type { LockedPackage } from "./types";

/**
 * A key for a package's place and version. Stage and hash are not part of it, so a package that a stage and the image
 * both have has the same key.
 */
export function placeAndVersion({ ecosystem, name, version, arch, root }: LockedPackage): string {
  return JSON.stringify([ecosystem, name, version, arch ?? "", root ?? ""]);
}
