import type { LockedPackage } from "./types";

/**
 * A package's place and version as a key, whichever stage has it and whatever its bytes: what a stage only repeats has
 * the same in the image.
 */
export function placeAndVersion({ ecosystem, name, version, arch, root }: LockedPackage): string {
  return JSON.stringify([ecosystem, name, version, arch ?? "", root ?? ""]);
}
