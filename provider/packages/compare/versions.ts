import type { LockedPackage } from "../lock/types";
import { isSameVersion } from "./version-key";

/** How many characters of a hash are shown. */
const SHOWN = 12;

/**
 * The two versions of a change, for people. If the versions are the same, the first characters of the hashes follow. If
 * those are equal too, the whole hashes follow.
 */
export function versionsShown(before: LockedPackage, after: LockedPackage): { from: string; to: string } {
  if (!isSameVersion(before, after)) return { from: before.version, to: after.version };
  const [from, to] = [before.hash ?? "", after.hash ?? ""];
  const [shortFrom, shortTo] = [shortHash(from), shortHash(to)];
  return shortFrom === shortTo
    ? { from: `${before.version} (${from})`, to: `${after.version} (${to})` }
    : { from: `${before.version} (${shortFrom})`, to: `${after.version} (${shortTo})` };
}

/** The algorithm and the first 12 characters of `sha256:<hex>` or of an SRI string, `sha512-<base64>`. */
function shortHash(hash: string): string {
  const prefix = /^[A-Za-z0-9]+[:-]/.exec(hash)?.[0] ?? "";
  return hash.slice(0, prefix.length + SHOWN);
}
