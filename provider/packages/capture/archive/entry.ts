/** Kinds of tar entries that a container's file system has. */
export type EntryType =
  "file" | "directory" | "symlink" | "link" | "character-device" | "block-device" | "fifo";

/** One tar entry. Its path has been checked and made absolute. Paths are text as `pathText` makes it. */
export interface ArchiveEntry {
  /** Absolute, without `.`, `..`, empty components or a trailing slash; the root itself is `/`. */
  path: string;
  type: EntryType;
  /** Bytes of content that follow. */
  size: number;
  /** Permission bits, including setuid, setgid and sticky. */
  mode: number;
  /** Symlink: the target as it was written. Hard link: the absolute path of an earlier entry. Otherwise empty. */
  target: string;
  /** Device numbers; 0 for anything else than a device. */
  device: { major: number; minor: number };
}

/** Receives the content of one entry, synchronously and in order. */
export interface ContentSink {
  /** A piece of the content. It may be kept, but must not be written to. */
  chunk(data: Buffer): void;
  /** Called after the last piece. */
  end(): void;
}
