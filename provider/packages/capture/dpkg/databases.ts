import type { Seen } from "../detector";
import type { FileTree } from "../tree/file-tree";
import type { CapturedPackage } from "../types";
import { foreignArchitecture, nativeArchitecture } from "./architecture";
import { dpkgFile, isAdminDirectory } from "./files";
import type { DpkgPackage, DpkgRecord } from "./status";
import { areOrdered, updated } from "./updates";

export type DpkgResult =
  { kind: "packages"; packages: DpkgPackage[] } | { kind: "update"; records: DpkgRecord[] };

/** A database that counts. */
export interface Database {
  /** Its admin directory; null: it is the image's own. */
  root: string | null;
  hasStatus: boolean;
  packages: DpkgPackage[];
  problems: ReadonlyMap<string, string>;
}

interface Parts {
  hasStatus: boolean;
  packages: DpkgPackage[];
  updates: [path: string, records: readonly DpkgRecord[]][];
  problems: Map<string, string>;
}

/**
 * The databases of an image. One in another directory than the image's own only counts if it lists packages. If it can't
 * be read, that is a problem only where a directory `info` shows that dpkg has used it: other programs have files of
 * these names too.
 *
 * @param own the image's own admin directory; links are followed
 * @param status the real path of its file `status`
 */
export function databasesOf(seen: Seen<DpkgResult>, tree: FileTree, own: string, status: string): Database[] {
  const place = tree.resolve(own);
  const ownDirectory = place.state === "real" ? place.path : own;
  const found = new Map<string, Parts>();
  const partsOf = (path: string): Parts => {
    const directory = path === status ? ownDirectory : dpkgFile(path)!.directory;
    const parts = found.get(directory) ?? {
      hasStatus: false,
      packages: [],
      updates: [],
      problems: new Map(),
    };
    found.set(directory, parts);
    return parts;
  };
  for (const [path, problem] of seen.problems) partsOf(path).problems.set(path, problem);
  for (const [path, result] of seen.files) {
    if (isSecondName(path, seen, tree)) continue;
    const parts = partsOf(path);
    parts.hasStatus ||= dpkgFile(path)!.kind === "status";
    if (result.kind === "update") parts.updates.push([path, result.records]);
    else for (const item of result.packages) parts.packages.push(item);
  }
  return [...found].flatMap(([directory, parts]) => {
    const isOwn = directory === ownDirectory;
    const used = isOwn || (isAdminDirectory(directory) && seen.noted.has(`${directory}/info`));
    const counts = used || (isAdminDirectory(directory) && (parts.hasStatus || directory.endsWith("/dpkg")));
    return counts ? [database(parts, isOwn ? null : directory, used)] : [];
  });
}

/** Whether this is a link to a file that was read under its own name too. */
function isSecondName(path: string, { files }: Seen<DpkgResult>, tree: FileTree): boolean {
  const place = tree.resolve(path);
  return place.state === "real" && place.path !== path && files.has(place.path);
}

function database(parts: Parts, root: string | null, used: boolean): Database {
  const problems = new Map(used ? parts.problems : []);
  const [first] = parts.updates;
  if (used && first !== undefined && !areOrdered(parts.updates.map(([path]) => path))) {
    problems.set(first[0], "is among pending updates whose names have different lengths, which dpkg refuses");
  }
  return { root, hasStatus: parts.hasStatus, packages: updated(parts.packages, parts.updates), problems };
}

/** The packages of a database as a capture has them. An architecture is recorded only if it is foreign there. */
export function capturedDebs(packages: readonly DpkgPackage[], root: string | null): CapturedPackage[] {
  const native = nativeArchitecture(packages);
  return packages.map((item) => {
    const arch = foreignArchitecture(item, native);
    return {
      ecosystem: "dpkg",
      name: item.name,
      version: item.version,
      ...(arch === undefined ? {} : { arch }),
      ...(root === null ? {} : { root }),
    };
  });
}
