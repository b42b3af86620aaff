import type { Capture } from "./types";

/**
 * Why a capture can't be relied on: one sentence for each detector in error, sorted by the detector's name;
 * empty when every detector has an answer. A capture with problems must not become a lock.
 */
export function captureProblems(capture: Capture): string[] {
  return Object.entries(capture.detectors)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, state]) =>
      state.state === "error" ? [`${name} can't say what is installed: ${state.reason}.`] : [],
    );
}

/**
 * True if every detector found its packages absent: such an image can only be compared by its files. False
 * where one is in error: that image is not empty but unknown.
 */
export function isEmptyCapture(capture: Capture): boolean {
  return (
    capture.packages.length === 0 && Object.values(capture.detectors).every(({ state }) => state === "absent")
  );
}
