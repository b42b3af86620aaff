import { isObject, own } from "../json";
import { INTEGRITY } from "./hidden-lock";

/** True for a bucket of the index of npm's download cache (cacache 11 and later: npm 5 and later). */
export function isCacheIndex(path: string): boolean {
  return /\/_cacache\/index-v5\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36,}$/.test(path);
}

/** A registry's address of a package's tarball, `.../<name>/-/<name without scope>-<version>.tgz`. */
const TARBALL = /^make-fetch-happen:request-cache:.*?\/((?:@[^/]+\/)?([^/@]+))\/-\/\2-([^/]+)\.tgz$/;

/**
 * What a bucket of the cache's index knows of downloaded tarballs: `<name>@<version>` to integrity. A later line of
 * the same key wins. What can't be read is left out, never an error: a cache is no record of what is installed.
 */
export function parseCacheIndex(content: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of content.toString("utf8").split("\n")) {
    try {
      const entry = JSON.parse(line.slice(line.indexOf("\t") + 1)) as unknown;
      const [key, integrity] = isObject(entry) ? [own(entry, "key"), own(entry, "integrity")] : [];
      const [, name, , version] = TARBALL.exec(typeof key === "string" ? decodeURIComponent(key) : "") ?? [];
      if (name === undefined || version === undefined || typeof integrity !== "string") continue;
      if (integrity.length <= 1024 && INTEGRITY.test(integrity)) found.set(`${name}@${version}`, integrity);
    } catch {
      continue;
    }
  }
  return found;
}
