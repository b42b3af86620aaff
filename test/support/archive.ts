import type { ArchiveRequest } from "./archive-host";
import type { DownloadHook } from "./download-hooks";

/** A package to be published: what every kind of archive understands. */
export interface PackageSpec {
  name: string;
  version: string;
  /** What the installed package holds; other content under the same version gives other bytes. */
  content?: string;
}

/** What was published: its file name in the archive and the sha256 (hex) of its bytes. */
export interface Published {
  name: string;
  version: string;
  file: string;
  sha256: string;
}

/** A package archive of our own that a build can install from, and whose content a test changes. */
export interface Archive<Spec extends PackageSpec = PackageSpec> {
  /** `http://<address>:<port>`, reachable from inside a build; no trailing slash. */
  readonly url: string;
  /** What a recipe writes to use the archive: an apt source line, or options of pip or npm. */
  readonly sourceLine: string;
  /** Every request so far, in order, with the status it was answered with. */
  readonly requests: readonly ArchiveRequest[];
  /** Adds a version beside those that are there; the same version again replaces its bytes. */
  publish(spec: Spec): Promise<Published>;
  /** Takes a version out of the index and the pool. Throws when it isn't there. */
  withdraw(name: string, version: string): void;
  /**
   * Runs `callback` once, on the next download of any version of `name`: after the request came, before the
   * last byte leaves. So a newer version published in it is there for whatever the client asks next, and the
   * download itself still gets the old bytes.
   */
  onceDownloaded(name: string, callback: (version: string) => void | Promise<void>): DownloadHook;
  /** Answers every request with this status from now on; null: as usual again. */
  answerWith(status: number | null): void;
  /** Stops the server and drops its connections; may be called twice. Throws what callbacks threw. */
  close(): Promise<void>;
}
