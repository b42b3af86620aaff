import type { NotCaptured } from "../outside/not-captured";

/** The name of the file that marks a directory as a cache (Cache Directory Tagging Specification). */
export const CACHE_TAG = "CACHEDIR.TAG";
/** The file that pip, before version 23.1, wrote beside the metadata of what it installed by `setup.py`. */
export const INSTALLED_FILES = "installed-files.txt";

/** Metadata of one distribution, and what is known about it. */
interface Candidate {
  root: string;
  info: string;
}

/** Facts of a whole file system. */
interface Facts {
  /** Directories that are marked as a cache. */
  tagged: ReadonlySet<string>;
  /** Metadata directories that the RECORD of a distribution around them names. */
  copies: ReadonlySet<string>;
  /** `*.egg-info` directories that contain {@link INSTALLED_FILES}. */
  installed: ReadonlySet<string>;
  /** Whether a directory is an environment, by its own name or by that of a link to it. */
  isEnvironment: (directory: string) => boolean;
}

/**
 * Why metadata is no distribution of its own, and where; null if it is one. Left out on purpose are:
 * - what uv only keeps in its cache: nothing imports it from there, and its directories have random names;
 * - copies inside another distribution, which names them in its RECORD: its version and hash stand for them;
 * - `*.egg-info` directories outside environments which no installer wrote: those are source trees.
 */
export function leftOut({ root, info }: Candidate, facts: Facts): NotCaptured | null {
  const cache = cacheOf(root, facts);
  if (cache !== null) return { what: "Python distributions in the cache of uv", places: [cache] };
  if (facts.copies.has(info)) {
    return { what: "copies of Python distributions inside another distribution", places: [root] };
  }
  if (info.endsWith(".egg-info") && !facts.isEnvironment(root) && !facts.installed.has(info)) {
    return { what: "Python source trees", places: [root] };
  }
  return null;
}

/** The cache of uv that contains a directory: it is tagged or has uv's name, and has folders such as `archive-v0`. */
function cacheOf(root: string, { tagged, isEnvironment }: Facts): string | null {
  if (isEnvironment(root)) return null;
  const parts = root.split("/");
  for (const [index, part] of parts.entries()) {
    const above = parts.slice(0, index).join("/");
    if (/^[a-z]+-v\d+$/.test(part) && (tagged.has(above) || above.endsWith("/.cache/uv")))
      return above || "/";
  }
  return null;
}

/** What an uninstall that failed left behind: pip ignores it, and so does the capture. */
export function leftOver(info: string): NotCaptured {
  return { what: "what a failed uninstall of a Python distribution left", places: [info] };
}
