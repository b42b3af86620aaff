import { createHash } from "node:crypto";

/** A row of RECORD with a hash (PEP 376, PEP 427): path, which may be quoted, algorithm and digest, size. */
const ROW = /^("(?:[^"]|"")*"|[^",]*),([a-z0-9]+=[A-Za-z0-9_=-]+),\d*$/;
/**
 * Metadata: written by installers, and by the tool that built the wheel, whose next release writes it otherwise. None
 * of it runs, but for the entry points.
 */
const NO_CONTENT = /\.dist-info\/(?!entry_points\.txt$)/;

/**
 * `sha256:<hex>` over what a RECORD says of the package's files: path, hash and size of each, sorted. Byte-compiled
 * files and an installer's own notes are left out, so that the same wheel gives the same hash wherever and however
 * often it is installed. Null where RECORD has no hash at all. A RECORD says what its wheel says: pip does not check it.
 */
export function recordHash(content: Buffer): string | null {
  const rows = new Set<string>();
  for (const line of content.toString("latin1").split(/\r?\n/)) {
    const [row, path] = ROW.exec(line) ?? [];
    if (row === undefined || path === undefined) continue;
    const plain = path.replace(/^"|"$/g, "");
    if (/(?:^|\/)__pycache__\/|\.py[co]$/.test(plain) || NO_CONTENT.test(plain)) continue;
    rows.add(row);
  }
  if (rows.size === 0) return null;
  const text = [...rows].sort().join("\n");
  return `sha256:${createHash("sha256").update(text, "latin1").digest("hex")}`;
}

/**
 * Whether a WHEEL file is of a wheel that was built on the spot: a `linux_*` tag, which indexes don't take (PEP 513).
 * A compiler writes folders with random names into it, so two builds of one source differ without any change.
 */
export function isBuiltOnTheSpot(content: Buffer): boolean {
  return /^Tag:\s*[^\s-]+-[^\s-]+-(?:[^\s-]+\.)?linux_\w+/im.test(content.toString("latin1"));
}
