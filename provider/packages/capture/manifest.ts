import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { LockedPackage } from "../lock/types";
import type { ArchiveEntry, ContentSink } from "./archive/entry";
import type { Walk } from "./archive/walk";
import { walkArchive } from "./archive/walk-archive";
import { CaptureError, quoted } from "./errors";

/** Files that an engine puts into every container. They are not the image's. */
const ENGINE_FILES: ReadonlySet<string> = new Set([
  "/.dockerenv",
  "/etc/hostname",
  "/etc/hosts",
  "/etc/mtab",
  "/etc/resolv.conf",
]);
const ENGINE_TREES = /^\/(dev|proc|sys)(\/|$)/;

/**
 * The files of an exported file system, for images that have no packages. Each gets the ecosystem `file` and its
 * absolute path as name. They are sorted by name. The version depends on the type:
 * - file: `sha256:<hex> mode <octal>`
 * - symbolic link: `link:<target>`
 * - fifo: `fifo mode <octal>`
 * - device: `character-device <major>:<minor> mode <octal>`, or `block-device`
 * - hard link: that of the file that it points to
 *
 * Directories are left out, and so is what the engine adds (`/dev`, `/proc`, `/sys`, `/.dockerenv`, `/etc/hostname`,
 * ...).
 *
 * @throws {CaptureError} when the archive was not read to its end, or a hard link's target is missing
 */
export async function captureManifest(
  stream: Readable,
  { signal, walk = walkArchive }: { signal?: AbortSignal; walk?: Walk } = {},
): Promise<LockedPackage[]> {
  const versions = new Map<string, string>();
  await walk(stream, (entry) => record(entry, versions), {
    signal,
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
