interface GemspecFile {
  /** The gem root: the directory that contains `specifications`. `gem env` lists it as a path. */
  root: string;
  /** The file's name without `.gemspec`: `<name>-<version>`, then `-<platform>` if the gem has one. */
  base: string;
}

const GEMSPEC = /^(.*)\/specifications\/(?:default\/)?([^/]+)\.gemspec$/;

/** What a path means to RubyGems; null if nothing. Specifications are directly in a root's `specifications`. */
export function gemspecFile(path: string): GemspecFile | null {
  const match = GEMSPEC.exec(path);
  return match === null ? null : { root: match[1]! || "/", base: match[2]! };
}

/** Whether a root is inside a gem of another root. Then it is content of that gem, such as a fixture of its tests. */
export function isInsideGem(root: string, roots: ReadonlySet<string>): boolean {
  const parts = root.split("/");
  return parts.some(
    (part, at) => part === "gems" && at < parts.length - 1 && roots.has(parts.slice(0, at).join("/") || "/"),
  );
}
