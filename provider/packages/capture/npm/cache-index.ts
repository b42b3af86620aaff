import { isObject, own } from "../json";
import { INTEGRITY } from "./hidden-lock";

/** Whether a path is a bucket in the index of npm's download cache (cacache 11 and later: npm 5 and later). */
export function isCacheIndex(path: string): boolean {
  return /\/_cacache\/index-v5\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36,}$/.test(path);
}

/** The registry's address of a package's tarball: `.../<name>/-/<name without scope>-<version>.tgz`. */
const TARBALL = /^make-fetch-happen:request-cache:.*?\/((?:@[^/]+\/)?([^/@]+))\/-\/\2-([^/]+)\.tgz$/;

/**
 * The integrity of each downloaded tarball in a bucket of the cache's index, by `<name>@<version>`. Of several lines
 * with the same key the last counts. What can't be read is left out: the cache does not say what is installed.
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
