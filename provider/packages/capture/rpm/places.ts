import type { FileTree } from "../tree/file-tree";
import { systemPlaces } from "../tree/system-place";

/** rpm's own directories. /usr/lib/sysimage is the newer one; images that ostree deploys use /usr/share. */
const OWN = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"];
const OTHER = /^(\/.+)\/(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/[^/]+$/;

/** Sorts the files that were read by what they belong to. */
export interface RpmPlaces {
  /** What is wrong with rpm's own directories, by the path as rpm knows it. */
  wrong: ReadonlyMap<string, string>;
  /**
   * The root of the file system to which a file belongs: "" for the image itself. A database in any other directory
   * (`rpm --dbpath`) has that directory as its root.
   */
  rootOf: (path: string) => string;
  /** Whether rpm itself has such a directory. Only there is a file that can't be read a problem. */
  isKnown: (path: string) => boolean;
}

export function rpmPlaces(tree: FileTree, files: Iterable<string>): RpmPlaces {
  const names = new Set([...files].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  const own = new Set(OWN.flatMap((directory) => [...names].map((name) => `${directory}/${name}`)));
  const { real } = systemPlaces(tree, [...own]);
  const { wrong } = systemPlaces(
    tree,
    OWN.map((directory) => `${directory}/rpmdb.sqlite`),
  );
  const isOwn = (path: string): boolean => own.has(path) || real.has(path);
  return {
    wrong,
    rootOf: (path) =>
      isOwn(path) ? "" : (OTHER.exec(path)?.[1] ?? (path.slice(0, path.lastIndexOf("/")) || "/")),
    isKnown: (path) => isOwn(path) || OTHER.test(path),
  };
}
