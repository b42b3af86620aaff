import type { StagingFreshness, StagingFreshOptions } from "./staging-freshness";

// Loaded by a program that only declares resources: the work itself is loaded when it is called.

/**
 * Makes staging run what the work tree's HEAD builds, and tries it: takes the anchor, builds the image with it, recreates
 * staging from that image ID, waits for its health and runs the check. What ran before comes back when a step is red.
 * Promotes nothing. Never throws.
 *
 * Switched off, or not meant for the repository, it is ok and touches nothing. Without an anchor it is not ok.
 */
export async function checkStagingImageFresh(options: StagingFreshOptions): Promise<StagingFreshness> {
  return await (await import("./check-staging-image-fresh.js")).checkStagingImageFresh(options);
}
