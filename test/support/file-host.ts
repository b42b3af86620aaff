import { readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { startArchiveHost, type ArchiveHost } from "./archive-host";

/** A server of plain files, as a vendor's download site or a dumb Git server is one. */
export interface FileHost extends ArchiveHost {
  /** Serves the files below a directory from now on, instead of what was there before; null serves none. */
  serve(directory: string | null): void;
}

/** Starts a file server; a download runs the hooks that wait for its path (no leading slash). */
export async function startFileHost(): Promise<FileHost> {
  let root: string | null = null;
  const host = await startArchiveHost((path) => {
    if (root === null) return null;
    const file = join(root, normalize(path));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
    const artifact = { name: path.slice(1), version: "" };
    return { body: readFileSync(file), contentType: "application/octet-stream", artifact };
  });
  return {
    ...host,
    serve(directory) {
      root = directory;
    },
  };
}
