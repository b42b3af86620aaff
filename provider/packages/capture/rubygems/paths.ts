/** An installed gem's specification file. */
interface GemspecFile {
  /** The gem root: the directory that holds `specifications`; what `gem env` lists as a path. */
  root: string;
  /** The file's name without `.gemspec`: `<name>-<version>`, and `-<platform>` where the gem has one. */
  base: string;
}

const GEMSPEC = /^(.*)\/specifications\/(?:default\/)?([^/]+)\.gemspec$/;

/** What a path means to RubyGems, or null: specifications stand directly in a root's `specifications`. */
export function gemspecFile(path: string): GemspecFile | null {
  const match = GEMSPEC.exec(path);
  return match === null ? null : { root: match[1]! || "/", base: match[2]! };
}

/** True for a root that stands in a gem of another root: it is content of that gem (fixtures of its tests). */
export function isInsideGem(root: string, roots: ReadonlySet<string>): boolean {
  const parts = root.split("/");
  return parts.some(
    (part, at) => part === "gems" && at < parts.length - 1 && roots.has(parts.slice(0, at).join("/") || "/"),
  );
}
