/** A package's directory below a node_modules. */
interface NpmPlace {
  /** The node_modules directory. */
  root: string;
  /** Name of the directory in it, with its scope: what `require` is called with. */
  directory: string;
  /**
   * True where the directory was put there by an installer: every node_modules above it stands directly in
   * a package. False inside a package's own files (test fixtures, bundles).
   */
  installed: boolean;
}

const PACKAGE = /^(.*\/node_modules)\/((?:@[^/]+\/)?[^./@][^/]*)\/package\.json$/;
const HIDDEN_LOCK = /^(.*\/node_modules)\/\.package-lock\.json$/;
const PROJECT_LOCK = /^(.*)\/package-lock\.json$/;
/** Stores inside node_modules whose entries hold a node_modules each: pnpm's; npm's and yarn's; bun's. */
const STORES: ReadonlySet<string> = new Set([".pnpm", ".store", ".bun"]);

/**
 * The place of the package that `path` is the package.json of, or null: anything deeper inside a package,
 * and the dot directories of a node_modules (`.bin`, `.cache`, ...), hold no package.
 */
export function npmPlace(path: string): NpmPlace | null {
  const match = PACKAGE.exec(path);
  if (match === null || chain(match[1]!) === "hidden") {
    return null;
  }
  return { root: match[1]!, directory: match[2]!, installed: chain(match[1]!) === "installed" };
}

/** The node_modules directory of npm's hidden lock (npm 7 and later), or null. */
export function hiddenLockRoot(path: string): string | null {
  const match = HIDDEN_LOCK.exec(path);
  return match !== null && chain(match[1]!) === "installed" ? match[1]! : null;
}

/** The project directory of a package-lock.json, or null inside a node_modules; `/` for the root. */
export function projectRoot(path: string): string | null {
  const match = PROJECT_LOCK.exec(path);
  return match === null || match[1]!.split("/").includes("node_modules") ? null : match[1]! || "/";
}

/** True for a node_modules directory that stands in no other one. */
export function isTopNodeModules(path: string): boolean {
  return (
    path.endsWith("/node_modules") && path.split("/").indexOf("node_modules") === path.split("/").length - 1
  );
}

/** What the way down from the first node_modules to `root`, the last one, says about `root`. */
function chain(root: string): "installed" | "inside" | "hidden" {
  const parts = root.split("/");
  const first = parts.indexOf("node_modules");
  let result: "installed" | "inside" = "installed";
  for (const way of parts
    .slice(first + 1)
    .join("/")
    .split(/(?:^|\/)node_modules(?:\/|$)/)
    .slice(0, -1)) {
    const [head = "", ...rest] = way.split("/");
    if (head.startsWith(".") && !STORES.has(head)) {
      return "hidden";
    }
    const packageDepth = head === "" ? 0 : STORES.has(head) || head.startsWith("@") ? 2 : 1;
    if (1 + rest.length !== packageDepth) {
      result = "inside";
    }
  }
  return result;
}
