import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A file (with content) or a directory (path ends in a slash). */
export interface TarEntry {
  path: string;
  content?: string | Buffer;
}

/** A gzipped tar of these entries, owned by root, dated 1985: the same entries give the same bytes. */
export async function tarGz(entries: readonly TarEntry[]): Promise<Buffer> {
  return gzipSync(await tar(entries));
}

/** A plain tar of these entries; see {@link tarGz}. */
export async function tar(entries: readonly TarEntry[]): Promise<Buffer> {
  const packer = pack();
  const bytes = buffer(packer);
  // Some tools warn about files from before 1980; npm dates its own tarballs the same way.
  const mtime = new Date("1985-10-26T08:15:00Z");
  for (const { path, content } of entries) {
    if (path.endsWith("/")) packer.entry({ name: path, type: "directory", mode: 0o755, mtime });
    else packer.entry({ name: path, mode: 0o644, mtime }, content ?? "");
  }
  packer.finalize();
  return bytes;
}
