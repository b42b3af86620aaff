import type { LockedPackage, PackageSource } from "../lock/types";

/** A package as a detector saw it, with facts that the pins need and the lock does not keep. */
export interface CapturedPackage extends LockedPackage {
  /** pip: the INSTALLER file's word (`pip`, `uv`, ...); absent for distribution packages. */
  installer?: string;
}

/** An npm project in the image that has a lock of its own. */
export interface NpmProject {
  /** Absolute directory in the image. */
  root: string;
  /** The bytes of its package-lock.json. */
  lock: string;
}

/** What one detector has to say: never silent, never a guess. */
export type DetectorState =
  { state: "found"; count: number } | { state: "absent" } | { state: "error"; reason: string };

/** Everything one pass over an image's file system found. */
export interface Capture {
  packages: CapturedPackage[];
  sources: PackageSource[];
  npmProjects: NpmProject[];
  /** By detector name. */
  detectors: Record<string, DetectorState>;
  /** `ID` of os-release, or null. */
  distribution: string | null;
}
