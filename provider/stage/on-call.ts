import type { StagingFreshness, StagingFreshOptions } from "./staging-freshness";

// A program that only declares resources loads this file. The work itself is loaded when the function is called.

/**
 * Builds the image of the work tree's HEAD and tries it on staging: it stamps the image with HEAD's revision, recreates the
 * staging container from that image ID, waits until it is healthy and runs the check. If a step is red, what ran before is
 * put back. Promotes nothing. Never throws.
 *
 * If the rollout is off, or does not apply to the repository, the answer is ok and nothing is touched. If HEAD's revision
 * can't be read, the answer is not ok.
 */
export async function checkStagingImageFresh(options: StagingFreshOptions): Promise<StagingFreshness> {
  return await (await import("./check-staging-image-fresh.js")).checkStagingImageFresh(options);
}
