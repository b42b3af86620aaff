import { parseRpmHeader, type RpmPackage } from "./header";
import { ndbHeaders } from "./ndb";
import { isBlob, sqliteRows } from "./sqlite";

/**
 * What a file is to rpm: a database of one of its formats, or a `log` of SQLite's with changes that are not in
 * the database yet. Names and places are rpm's own: /usr/lib/sysimage/rpm is the newer one, /usr/share/rpm
 * that of images that ostree deploys.
 */
type RpmFile = "sqlite" | "ndb" | "bdb" | "log";

/** Most packages of one database; whole distributions have fewer. */
const MAX_PACKAGES = 100_000;

const DIRECTORY = /^\/(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/([^/]+)$/;
const FILES: ReadonlyMap<string, RpmFile> = new Map([
  ["rpmdb.sqlite", "sqlite"],
  ["rpmdb.sqlite-wal", "log"],
  ["rpmdb.sqlite-journal", "log"],
  ["Packages.db", "ndb"],
  ["Packages", "bdb"],
]);

/** What this path is to rpm; null = nothing. */
export function rpmFile(path: string): RpmFile | null {
  return FILES.get(DIRECTORY.exec(path)?.[1] ?? "") ?? null;
}

/**
 * The packages in a database; the keys that rpm keeps among them are left out.
 * @throws Error where it is cut, malformed, or has a header that can't be read.
 */
export function parseRpmDatabase(content: Buffer, format: "sqlite" | "ndb"): RpmPackage[] {
  try {
    const packages: RpmPackage[] = [];
    for (const blob of format === "ndb" ? ndbHeaders(content) : sqliteHeaders(content)) {
      const item = parseRpmHeader(blob);
      if (item !== null) {
        packages.push(item);
      }
      if (packages.length > MAX_PACKAGES) {
        throw new Error(`has more than ${MAX_PACKAGES} packages`);
      }
    }
    return packages;
  } catch (error) {
    throw error instanceof RangeError
      ? new Error("is malformed: it refers to a place outside of itself", { cause: error })
      : error;
  }
}

/** Table `Packages` has two columns: a number, which is the row's id, and the header. */
function* sqliteHeaders(content: Buffer): Generator<Buffer> {
  for (const row of sqliteRows(content, "Packages")) {
    const header = row[1];
    if (row.length !== 2 || header === undefined || !isBlob(header)) {
      throw new Error("is malformed: its table 'Packages' has a row that is no package");
    }
    yield header.bytes;
  }
}
