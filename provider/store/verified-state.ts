import type { Drift } from "../packages/lock/types";

/** The three answers there are; `unknown` is not a milder `verified`. */
export type VerifiedState = "verified" | "unverified" | "unknown";

/** What the store says of one build. */
export interface Verification {
  state: VerifiedState;
  drift: Drift;
  /** A sentence when not verified, else null. */
  reason: string | null;
  /** The verification in the background that is to give a verdict, or was; absent when there is none. */
  background?: Background;
}

/** What is known of a build's verification in the background, as long as there is no verdict. */
export interface Background {
  /**
   * `running`: it runs, or waits for its turn. `dead`: its process is gone without a verdict. `failed`: it ended, and
   * proved nothing.
   */
  phase: "running" | "dead" | "failed";
  pid: number;
  host: string;
  /** When it was started; ISO 8601, UTC. */
  since: string;
  /** Its log, relative to the store's root; POSIX. */
  log: string;
  /** Why nothing was proven, when it failed; else null. */
  failed: string | null;
}
