import type { Capture, CapturedPackage } from "./types";

/**
 * Why a capture can't be relied on: one sentence for each detector that failed, sorted by the detector's name. Empty if
 * every detector has an answer. A capture with problems must not become a lock.
 */
export function captureProblems(capture: Capture): string[] {
  return Object.entries(capture.detectors)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, state]) =>
      state.state === "error" ? [`${name} can't say what is installed: ${state.reason}.`] : [],
    );
}

/**
 * Whether every detector found that its kind of package is absent. Such an image can only be compared by its files, also
 * where programs in it list their modules. False if a detector failed: then it is unknown what the image has.
 */
export function isEmptyCapture(capture: Capture): boolean {
  const ofPrograms = ({ ecosystem }: CapturedPackage): boolean => ecosystem === "go" || ecosystem === "cargo";
  return (
    capture.packages.every(ofPrograms) &&
    Object.entries(capture.detectors).every(
      ([name, { state }]) => state === "absent" || (name === "programs" && state === "found"),
    )
  );
}
