import type { NotCaptured } from "./outside/not-captured";
import type { LockedPackage, PackageSource } from "../lock/types";

/** A package as a detector found it, with facts that pinning needs and the lock does not contain. */
export interface CapturedPackage extends LockedPackage {
  /** pip: the content of the INSTALLER file (`pip`, `uv`, ...). Absent for packages of the distribution. */
  installer?: string;
}

/** An npm project in the image that has its own lock file. */
export interface NpmProject {
  /** Absolute directory in the image. */
  root: string;
  /** The text of its package-lock.json. */
  lock: string;
}

/** The answer of one detector. `error`: it can't say what is installed. */
export type DetectorState =
  { state: "found"; count: number } | { state: "absent" } | { state: "error"; reason: string };

/** All that one pass over an image's file system found. */
export interface Capture {
  packages: CapturedPackage[];
  sources: PackageSource[];
  npmProjects: NpmProject[];
  /** What the image has and nobody reads. */
  notCaptured: NotCaptured[];
  /** By detector name. */
  detectors: Record<string, DetectorState>;
  /** `ID` of os-release; null if unknown. */
  distribution: string | null;
}
