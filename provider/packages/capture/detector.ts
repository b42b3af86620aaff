import type { PackageSource } from "../lock/types";
import type { EntryType } from "./archive/entry";
import type { OsRelease } from "./os-release";
import type { CapturedPackage, DetectorState, NpmProject } from "./types";

/** One mebibyte, in bytes. */
export const MiB = 1024 * 1024;

/** A detector's wish for one file's content. */
export interface Want {
  /** What the file is; a hard link takes over another file's result only when both are of one kind. */
  kind: string;
  /** Most bytes to read; a larger file is a problem of the detector, never skipped. */
  limit: number;
  /** Read and count only up to the first blank line. */
  headersOnly?: boolean;
  /**
   * A symbolic link of this name that leads to no file that was read is ignored: it may as well point to a
   * directory, or its owner ignores it too.
   */
  mayDangle?: boolean;
  /** The content itself is kept until the end, so it counts against the detector's budget of 256 MiB. */
  retained?: boolean;
}

/** All that a pass over the file system left with one detector. */
export interface Seen<T> {
  /** Results by absolute path. */
  files: ReadonlyMap<string, T>;
  /** Wanted files without a result, by absolute path: what is wrong with each, to follow its name. */
  problems: ReadonlyMap<string, string>;
  /** Paths that `note` said yes to. */
  noted: ReadonlySet<string>;
}

/** What detectors may know about the image as a whole. */
export interface World {
  osRelease: OsRelease | null;
}

/** What one detector concludes. */
export interface Findings {
  state: DetectorState;
  packages?: CapturedPackage[];
  sources?: PackageSource[];
  npmProjects?: NpmProject[];
  osRelease?: OsRelease;
}

/**
 * One kind of package database. It says which files it wants, turns each into a result as soon as it
 * has been read (the content is dropped then), and concludes from the results once the pass is over.
 */
export interface Detector<T> {
  /** Key in `Capture.detectors`, and the name in messages. */
  readonly name: string;
  /** Asked for every path that is no directory; undefined = not interested. */
  want(path: string): Want | undefined;
  /** Asked for every entry: true = remember that this path exists. */
  note?(path: string, type: EntryType): boolean;
  /** @throws Error whose message follows the file's name in a problem. */
  parse(content: Buffer, want: Want, path: string): T;
  /**
   * Files wanted only because a hard link with a wanted name may point to them later, as package managers
   * do with their stores: those that start with `firstByte` and hold at most `want.limit` bytes. One that
   * does not parse is forgotten.
   */
  readonly linkSource?: { firstByte: number; want: Want };
  conclude(seen: Seen<T>, world: World): Findings;
}
