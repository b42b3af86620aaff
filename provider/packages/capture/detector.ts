import type { PackageSource } from "../lock/types";
import type { EntryType } from "./archive/entry";
import type { NotCaptured } from "./outside/not-captured";
import type { OsRelease } from "./os-release";
import type { FileTree } from "./tree/file-tree";
import type { CapturedPackage, DetectorState, NpmProject } from "./types";

export const MiB = 1024 * 1024;

/** A file whose content a detector wants. */
export interface Want {
  /** What the file is. A hard link gets the result of its target only if both are of the same kind. */
  kind: string;
  /** Most bytes to read. A larger file is a problem that makes the detector fail. */
  limit: number;
  /** Read and count only up to the first blank line. */
  headersOnly?: boolean;
  /**
   * A symbolic link of this name is ignored if its target was not read. It may point to a directory, or the package
   * manager ignores it too.
   */
  mayDangle?: boolean;
  /** The content itself is kept to the end of the pass. It counts against the detector's budget of 256 MiB. */
  retained?: boolean;
}

/** What one detector has from a whole pass over the file system. */
export interface Seen<T> {
  /** Results by absolute path. */
  files: ReadonlyMap<string, T>;
  /** Wanted files that have no result, by absolute path. Each problem is text that follows the file's name. */
  problems: ReadonlyMap<string, string>;
  /** The paths for which `note` returned true. */
  noted: ReadonlySet<string>;
}

/** What every detector may know about the image. */
export interface World {
  osRelease: OsRelease | null;
  /** Directories and links of the whole image. */
  tree: FileTree;
}

export interface Findings {
  state: DetectorState;
  packages?: CapturedPackage[];
  sources?: PackageSource[];
  npmProjects?: NpmProject[];
  osRelease?: OsRelease;
  /** What is there and is left out. */
  notCaptured?: readonly NotCaptured[];
}

/**
 * Reads one kind of package database. It says which files it wants. Each is turned into a result as soon as it has been
 * read, and its content is dropped. After the pass the detector concludes from the results.
 */
export interface Detector<T> {
  /** Key in `Capture.detectors`, and the name in messages. */
  readonly name: string;
  /** Called for every path that is no directory. undefined: the file is not wanted. */
  want(path: string): Want | undefined;
  /**
   * Called for every path that is no directory and that `want` does not want. A file that would be wanted under another
   * name, if a symbolic link to it or to one of its directories has that name. It is parsed too. Its result gets to
   * `conclude`, under that other name, only if there is such a link.
   */
  candidate?(path: string): Want | undefined;
  /**
   * Whether packages are looked for behind a symbolic link of this name. If it can't be followed, because it leads to
   * itself or over too many links, the detector fails.
   */
  leads?(link: string): boolean;
  /** Called for every entry. true: remember that this path exists. */
  note?(path: string, type: EntryType): boolean;
  /** @throws {Error} whose message follows the file's name in a problem */
  parse(content: Buffer, want: Want, path: string): T;
  /**
   * Files that are read only because a hard link with a wanted name may point to them later. Package managers that keep
   * a store make such links. Read are files that start with `firstByte` and have at most `want.limit` bytes. A file
   * that can't be parsed is dropped.
   */
  readonly linkSource?: { firstByte: number; want: Want };
  conclude(seen: Seen<T>, world: World): Findings;
}
