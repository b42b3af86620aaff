/** Where a package is below a node_modules. */
interface NpmPlace {
  root: string;
  /** Name of the directory in it, with its scope. `require` is called with this name. */
  directory: string;
  /**
   * True if an installer put the directory there: every node_modules above it is directly in a package. False if it is
   * among a package's own files (test fixtures, bundles).
   */
  installed: boolean;
}

const PACKAGE = /^(.*\/node_modules)\/((?:@[^/]+\/)?[^./@][^/]*)\/package\.json$/;
const HIDDEN_LOCK = /^(.*\/node_modules)\/\.package-lock\.json$/;
const PROJECT_LOCK = /^(.*)\/package-lock\.json$/;
/** Directories inside node_modules in which each entry has its own node_modules: of pnpm, of npm and yarn, of bun. */
const STORES: ReadonlySet<string> = new Set([".pnpm", ".store", ".bun"]);
/** The directory inside node_modules in which tools keep copies that nothing is loaded from. */
const CACHE = ".cache";

/**
 * The place of the package to which this package.json belongs. Null for any other path: a package.json deeper inside a
 * package, directly in a dot directory of a node_modules (`.bin`, `.vite`, ...), or anywhere below its `.cache`, belongs
 * to no installed package.
 */
export function npmPlace(path: string): NpmPlace | null {
  const match = PACKAGE.exec(path);
  if (match === null || chain(match[1]!) === "cached") {
    return null;
  }
  return { root: match[1]!, directory: match[2]!, installed: chain(match[1]!) === "installed" };
}

/** The node_modules directory to which npm's hidden lock (npm 7 and later) belongs; null for any other path. */
export function hiddenLockRoot(path: string): string | null {
  const match = HIDDEN_LOCK.exec(path);
  return match !== null && chain(match[1]!) === "installed" ? match[1]! : null;
}

/** The project directory of a package-lock.json, `/` for the root. Null for any other path, and inside a node_modules. */
export function projectRoot(path: string): string | null {
  const match = PROJECT_LOCK.exec(path);
  return match === null || match[1]!.split("/").includes("node_modules") ? null : match[1]! || "/";
}

/** Whether packages are looked for behind a link of this name: a node_modules, or a package or scope in one. */
export function leadsToPackages(link: string): boolean {
  return ["/x/package.json", "/package.json"].some((rest) => npmPlace(link + rest)?.installed);
}

/** Whether a path is a node_modules directory that is in no other one. */
export function isTopNodeModules(path: string): boolean {
  return (
    path.endsWith("/node_modules") && path.split("/").indexOf("node_modules") === path.split("/").length - 1
  );
}

/** How the last node_modules, `root`, came to be there, judged by the directories from the first node_modules on. */
function chain(root: string): "installed" | "inside" | "cached" {
  const parts = root.split("/");
  const first = parts.indexOf("node_modules");
  let result: "installed" | "inside" = "installed";
  for (const way of parts
    .slice(first + 1)
    .join("/")
    .split(/(?:^|\/)node_modules(?:\/|$)/)
    .slice(0, -1)) {
    const [head = "", ...rest] = way.split("/");
    if (head === CACHE) {
      return "cached";
    }
    const packageDepth = head === "" ? 0 : STORES.has(head) || head.startsWith("@") ? 2 : 1;
    if (1 + rest.length !== packageDepth) {
      result = "inside";
    }
  }
  return result;
}
