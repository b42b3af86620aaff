import type { Drift } from "../packages/lock/types";

/** The three possible answers. `unknown` means that nothing is proven. */
export type VerifiedState = "verified" | "unverified" | "unknown";

/** What the store says about one build. */
export interface Verification {
  state: VerifiedState;
  drift: Drift;
  /** Why the build is not verified, in a sentence; null when it is. */
  reason: string | null;
  /** What proves that it is verified: two builds, or one from a committed lock; null or left out when it is not. */
  proof?: "round trip" | "locked" | null;
  /** How much of a build from a committed lock came from the cache, in words. Absent where that was not asked. */
  fromCache?: string;
  /** The verification in the background, as long as there is no verdict. Absent when there is none. */
  background?: Background;
}

/** What is known about a build's verification in the background, as long as there is no verdict. */
export interface Background {
  /**
   * `running`: it runs or waits for its turn. `dead`: its process is gone, and there is no verdict. `failed`: it ended
   * and proved nothing.
   */
  phase: "running" | "dead" | "failed";
  pid: number;
  host: string;
  /** When it was started; ISO 8601, UTC. */
  since: string;
  /** Its log, relative to the store's root, with `/` between folders. */
  log: string;
  /** Why it proved nothing, if it failed; else null. */
  failed: string | null;
}
