import { parentOf } from "../tree/file-tree";

/** A file of one of dpkg's databases. */
export interface DpkgFile {
  /**
   * - `status`: all packages.
   * - `part`: one package, in an image that was built without dpkg.
   * - `update`: what dpkg has changed since it wrote `status`.
   */
  kind: "status" | "part" | "update";
  /** The admin directory that contains the database; dpkg's own is `/var/lib/dpkg`. */
  directory: string;
}

const PART = /\/status\.d\/(?![^/]*\.md5sums$)[^/]+$/;
/** dpkg names these files with digits, and ignores others (`tmp.i`). */
const UPDATE = /\/updates\/[0-9]+$/;

/** What a path is to dpkg by its name, whatever admin directory it is in; null if nothing. */
export function dpkgFile(path: string): DpkgFile | null {
  if (path.endsWith("/status")) return { kind: "status", directory: parentOf(path) };
  const kind = PART.test(path) ? "part" : UPDATE.test(path) ? "update" : null;
  return kind === null ? null : { kind, directory: parentOf(parentOf(path)) };
}

/**
 * Whether a database that is not dpkg's own may be one at all: `--admindir`, `DPKG_ADMINDIR` and `admindir` in dpkg.cfg
 * name any directory. opkg has files of the same form for packages of its own.
 */
export function isAdminDirectory(directory: string): boolean {
  return !directory.endsWith("/opkg");
}
