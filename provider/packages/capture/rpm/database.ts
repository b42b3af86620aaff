import { parseRpmHeader, type RpmPackage } from "./header";
import { ndbHeaders } from "./ndb";
import { isBlob, sqliteRows } from "./sqlite";

/**
 * What a file is to rpm: a database in one of its formats, or a `log` in which SQLite keeps changes that are not in the
 * database yet.
 */
type RpmFile = "sqlite" | "ndb" | "bdb" | "log";

/** Most packages of one database. Whole distributions have fewer. */
const MAX_PACKAGES = 100_000;

const FILES: ReadonlyMap<string, RpmFile> = new Map([
  ["rpmdb.sqlite", "sqlite"],
  ["rpmdb.sqlite-wal", "log"],
  ["rpmdb.sqlite-journal", "log"],
  ["Packages.db", "ndb"],
  ["Packages", "bdb"],
]);

/** What a path is to rpm by its name, in whatever directory; null if nothing. */
export function rpmFile(path: string): RpmFile | null {
  return FILES.get(path.slice(path.lastIndexOf("/") + 1)) ?? null;
}

/**
 * The packages in a database. The keys that rpm stores among them are left out.
 *
 * @throws {Error} when the database is cut or malformed, or has a header that can't be read
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

/** The table `Packages` has two columns: a number, which is the row ID, and the header. */
function* sqliteHeaders(content: Buffer): Generator<Buffer> {
  for (const row of sqliteRows(content, "Packages")) {
    const header = row[1];
    if (row.length !== 2 || header === undefined || !isBlob(header)) {
      throw new Error("is malformed: its table 'Packages' has a row that is no package");
    }
    yield header.bytes;
  }
}
