/** Kinds of tar entries that a container's file system has. */
export type EntryType =
  "file" | "directory" | "symlink" | "link" | "character-device" | "block-device" | "fifo";

/** One tar entry, its path made absolute and safe. */
export interface ArchiveEntry {
  /** Absolute, without `.`, `..`, empty components or a trailing slash; the root itself is `/`. */
  path: string;
  type: EntryType;
  /** Bytes of content that follow. */
  size: number;
  /** Permission bits, including setuid, setgid and sticky. */
  mode: number;
  /** Symlink: the target as written. Hard link: the absolute path of an earlier entry. Else empty. */
  target: string;
  /** Device numbers; 0 for all that is no device. */
  device: { major: number; minor: number };
}

/** Receives one entry's content, synchronously and in order. */
export interface ContentSink {
  /** A piece of the content; it may be kept, never written to. */
  chunk(data: Buffer): void;
  /** The content is complete. */
  end(): void;
}
