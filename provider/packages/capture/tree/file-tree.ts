import type { ArchiveEntry } from "../archive/entry";
import { CaptureError } from "../errors";

/** Most symbolic links that are followed on the way to one file; Linux has the same limit (path_resolution(7)). */
export const MAX_HOPS = 40;
/** Longest target of a symbolic link in characters; Linux has the same limit (PATH_MAX). */
const MAX_TARGET = 4096;
/** Most directories and symbolic links that are remembered, about 150 MB. */
const MAX_REMEMBERED = 1_000_000;

/** Where a path leads if the running image opens it. */
export type Place =
  /** To this path, which no link is part of. Whether something is there is only known of directories. */
  | { state: "real"; path: string }
  /** Nowhere: a directory on the way is missing. `link`: the symbolic link that should lead to it, if one should. */
  | { state: "missing"; link: string | null }
  /** Nowhere: `link` leads to itself, or over more links than {@link MAX_HOPS}. */
  | { state: "loop"; link: string };

/**
 * The directories and symbolic links of an image. Paths are followed as Linux follows them, with the image's root as `/`:
 * component by component, so that `..` behind a link is the parent of what the link leads to. `..` at the root stays
 * there.
 */
export interface FileTree {
  /**
   * Called for each entry of the archive, in order.
   *
   * @throws {CaptureError} if there are too many directories and links
   */
  see(entry: ArchiveEntry): void;
  /** Called after the last entry. The last component is followed too. */
  resolve(path: string): Place;
  /** All symbolic links, sorted. */
  links(): readonly string[];
  /** The symbolic links that lead to a real path, sorted. */
  linksTo(path: string): readonly string[];
}

type Walk = Place & { hops: number };

export function fileTree(): FileTree {
  const directories = new Set(["/"]);
  const targets = new Map<string, string>();
  const followed = new Map<string, Walk>();
  /** Of links over too many others: the least depth from which they were tried. So each is tried 40 times at most. */
  const tooDeep = new Map<string, number>();
  let lastParent = "/";

  function add(directory: string): void {
    for (let path = directory; !directories.has(path); path = parentOf(path)) {
      directories.add(path);
    }
    if (directories.size + targets.size > MAX_REMEMBERED) {
      throw new CaptureError(
        "capture-malformed",
        `The exported file system has more than ${MAX_REMEMBERED} directories and symbolic links. ` +
          "Links can't be followed among so many; remove what the image does not need.",
      );
    }
  }

  /** @param depth number of links that are being followed */
  function walk(path: string, from: string, depth: number): Walk {
    let at = path.startsWith("/") ? "/" : from;
    let hops = 0;
    let link: string | null = null;
    for (const part of path.split("/")) {
      if (part === "" || part === ".") continue;
      if (!directories.has(at)) return { state: "missing", link, hops };
      link = null;
      at = part === ".." ? parentOf(at) : at === "/" ? `/${part}` : `${at}/${part}`;
      if (part !== ".." && targets.has(at)) {
        link = at;
        const end = follow(at, depth);
        hops += end.hops;
        if (hops > MAX_HOPS) return { state: "loop", link, hops };
        if (end.state !== "real") return { ...end, link, hops };
        at = end.path;
      }
    }
    return { state: "real", path: at, hops };
  }

  function follow(link: string, depth: number): Walk {
    const known = followed.get(link);
    if (known !== undefined) return known;
    const target = targets.get(link) ?? "";
    const loop: Walk = { state: "loop", link, hops: 0 };
    if (depth >= MAX_HOPS || depth >= (tooDeep.get(link) ?? MAX_HOPS) || target.length > MAX_TARGET)
      return loop;
    const end = walk(target, parentOf(link), depth + 1);
    const result = { ...end, hops: end.hops + 1 };
    if (end.state === "loop" && depth > 0) tooDeep.set(link, depth);
    else followed.set(link, result);
    return result;
  }

  let sorted: string[] | undefined;
  let backwards: Map<string, string[]> | undefined;
  const links = (): readonly string[] => (sorted ??= [...targets.keys()].sort());

  return {
    see({ path, type, target }) {
      const parent = parentOf(path);
      if (parent !== lastParent) add((lastParent = parent));
      if (type === "symlink") {
        targets.set(path, target);
        return;
      }
      targets.delete(path);
      if (type === "directory") add(path);
    },
    resolve(path) {
      return walk(path, "/", 0);
    },
    links,
    linksTo(path) {
      if (backwards === undefined) {
        backwards = new Map();
        for (const link of links()) {
          const end = follow(link, 0);
          if (end.state !== "real" || end.hops > MAX_HOPS) continue;
          const others = backwards.get(end.path);
          if (others === undefined) backwards.set(end.path, [link]);
          else others.push(link);
        }
      }
      return backwards.get(path) ?? [];
    },
  };
}

/** The directory that contains a path; `/` for the root itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
