import { decodeUtf8 } from "../deb822";
import { isObject, jsonObject, own } from "../json";

export interface HiddenLockItem {
  version: string;
  /** Subresource Integrity, such as `sha512-...`. */
  integrity: string;
}

/** The form of Subresource Integrity (W3C). */
export const INTEGRITY = /^[a-z0-9]+-[A-Za-z0-9+/=]+( [a-z0-9]+-[A-Za-z0-9+/=]+)*$/;

/**
 * Reads `node_modules/.package-lock.json` (npm 7 and later). The items' keys are paths relative to the project, such as
 * `node_modules/a/node_modules/b`. Items without version or integrity (links, git) are left out.
 *
 * @throws {Error} for bytes that are not UTF-8, for invalid JSON, and for a file without an object `packages`
 */
export function parseHiddenLock(content: Buffer): ReadonlyMap<string, HiddenLockItem> {
  decodeUtf8(content);
  const packages = own(jsonObject(content), "packages");
  if (!isObject(packages)) {
    throw new Error("has no object 'packages'");
  }
  const items = new Map<string, HiddenLockItem>();
  for (const [path, item] of Object.entries(packages)) {
    const version = isObject(item) ? own(item, "version") : undefined;
    const integrity = isObject(item) ? own(item, "integrity") : undefined;
    if (typeof version === "string" && typeof integrity === "string") {
      if (integrity.length > 1024 || !INTEGRITY.test(integrity)) {
        throw new Error("has an integrity of an unknown form");
      }
      items.set(path, { version, integrity });
    }
  }
  return items;
}
