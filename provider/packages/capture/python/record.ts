import { createHash } from "node:crypto";

/** A row of RECORD that has a hash (PEP 376, PEP 427): path (may be quoted), algorithm and digest, size. */
const ROW = /^("(?:[^"]|"")*"|[^",]*),([a-z0-9]+=[A-Za-z0-9_=-]+),\d*$/;
/**
 * Metadata does not count as content. Installers write it, and so does the tool that built the wheel, whose next
 * release may write it differently. Only the entry points can be run, so they do count.
 */
const NO_CONTENT = /\.dist-info\/(?!entry_points\.txt$)/;

/**
 * `sha256:<hex>` over the path, hash and size of each file in a RECORD, sorted. Byte-compiled files and the installer's
 * own files are left out, so that the same wheel always gives the same hash. Null if RECORD contains no hash. RECORD
 * repeats what the wheel says: pip does not check it.
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
 * Whether a WHEEL file belongs to a wheel that was built on the spot. Its tag is then `linux_*`, which package indexes
 * don't accept (PEP 513). A compiler writes random folder names into such a wheel, so two builds of the same source
 * differ.
 */
export function isBuiltOnTheSpot(content: Buffer): boolean {
  return /^Tag:\s*[^\s-]+-[^\s-]+-(?:[^\s-]+\.)?linux_\w+/im.test(content.toString("latin1"));
}

/**
 * The metadata directories of other distributions that a RECORD names in folders below its own, such as
 * `setuptools/_vendor/wheel-0.45.1.dist-info`. Paths are relative to the directory that contains the distribution.
 */
export function copiesInside(content: Buffer): string[] {
  return content
    .toString("utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      const end = line.indexOf("/METADATA");
      const info = end < 0 ? "" : line.slice(0, end).replace(/^"/, "");
      const parts = info.split("/");
      return info.endsWith(".dist-info") && parts.length > 1 && !parts.includes("..") ? [info] : [];
    });
}
