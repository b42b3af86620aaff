import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { LockedPackage } from "../lock/types";
import type { ArchiveEntry, ContentSink } from "./archive/entry";
import { walkArchive } from "./archive/walk-archive";
import { CaptureError, quoted } from "./errors";

/** What an engine itself puts into every container: not the image's own. */
const ENGINE_FILES: ReadonlySet<string> = new Set([
  "/.dockerenv",
  "/etc/hostname",
  "/etc/hosts",
  "/etc/mtab",
  "/etc/resolv.conf",
]);
const ENGINE_TREES = /^\/(dev|proc|sys)(\/|$)/;

/**
 * The files of an exported file system, for images that have no package at all: ecosystem `file`, the
 * absolute path as name, sorted. Versions are `sha256:<hex> mode <octal>` for files, `link:<target>` for
 * symbolic links, `fifo mode <octal>` and `character-device <major>:<minor> mode <octal>` (or
 * `block-device`) for the rest; a hard link has the version of the file it is. Directories and what the
 * engine adds (`/dev`, `/proc`, `/sys`, `/.dockerenv`, `/etc/hostname`, ...) are left out.
 *
 * @throws CaptureError when the stream was not read to the end of the archive, or a hard link leads nowhere.
 */
export async function captureManifest(
  stream: Readable,
  options: { signal?: AbortSignal } = {},
): Promise<LockedPackage[]> {
  const versions = new Map<string, string>();
  await walkArchive(stream, (entry) => record(entry, versions), {
    signal: options.signal,
    waiting: "the file manifest",
  });
  return [...versions]
    .filter(([path]) => !ENGINE_FILES.has(path) && !ENGINE_TREES.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => ({ ecosystem: "file", name, version }));
}

function record(entry: ArchiveEntry, versions: Map<string, string>): ContentSink | undefined {
  const { path, device } = entry;
  const mode = `mode ${entry.mode.toString(8)}`;
  switch (entry.type) {
    case "file": {
      const hash = createHash("sha256");
      return {
        chunk: (data) => void hash.update(data),
        end: () => void versions.set(path, `sha256:${hash.digest("hex")} ${mode}`),
      };
    }
    case "link": {
      const version = versions.get(entry.target);
      if (version === undefined) {
        throw new CaptureError(
          "capture-malformed",
          `The exported file system has a hard link ${quoted(path)} to ${quoted(entry.target)}, which does not ` +
            "come before it. Expected a link to an earlier file; export the container again.",
        );
      }
      versions.set(path, version);
      return undefined;
    }
    case "symlink":
      versions.set(path, `link:${entry.target}`);
      return undefined;
    case "fifo":
      versions.set(path, `fifo ${mode}`);
      return undefined;
    case "character-device":
    case "block-device":
      versions.set(path, `${entry.type} ${device.major}:${device.minor} ${mode}`);
      return undefined;
    case "directory":
      versions.delete(path);
      return undefined;
  }
}
