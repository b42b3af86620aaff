import type { Drift, LockedBase, Unpinned } from "../../packages/lock/types";
import type { VerifiedState } from "../../store/verified-state";

/** The outputs of a build. Paths are POSIX and relative to the working directory. */
export interface ImageOutputs {
  /** The image ID, `sha256:` and 64 hex digits: what to promote and to run. */
  imageId: string;
  /** The registry digest that the image was pushed by; `null` without `push`. */
  digest: string | null;
  /** The image's own tag on the engine, `<name>:<timestamp>`. */
  reference: string;
  /** When it was built: UTC, `YYYYMMDDTHHMMSSmmmZ`. */
  timestamp: string;
  /** Hash of the Dockerfile that was built. */
  recipeHash: string;
  /** Hash of the build context: content and executable bits, no times. */
  contextHash: string;
  /** SHA-256 of the lock file's bytes. */
  lockHash: string;
  /** Path of the lock. */
  lockFile: string;
  /** Path of the Dockerfile that the rebuild used, with its pins. */
  lockedRecipe: string;
  /** Path of the log of the build. */
  buildLog: string;
  /** What it was built from: `{reference, digest}` of each base image. */
  baseImages: LockedBase[];
  /** How many packages of each ecosystem the image has, such as `{dpkg: 118, pip: 12}`. */
  packages: Record<string, number>;
  /** What no lock can pin: `{line, kind, text, reason}` of each place in the Dockerfile. */
  unpinned: Unpinned[];
  /**
   * What is in the image and in its stages that nobody reads, so that it is not compared: lines such as
   * `not captured: Composer packages (PHP) (/app/vendor/composer)`.
   */
  notCaptured: string[];
  /** The verdict: `verified`, `unverified` or `unknown`. */
  verified: VerifiedState;
  /** How it was verified: by a `round trip` of two builds, or as `locked`, by one build from a committed lock; else `null`. */
  proof: "round trip" | "locked" | null;
  /** What differs after the rebuild: `{changed, added, removed}`, by name. */
  drift: Drift;
  /** A sentence that says why it is not verified; `null` when it is. */
  reason: string | null;
  /** The git revision that the image is stamped with; `null` without one. */
  revision: string | null;
}
