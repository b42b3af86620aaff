import { type Detector, MiB } from "./detector";
import { type OsRelease, parseOsRelease } from "./os-release";
import { problemsReason } from "./problems";

/** The first one that exists counts (os-release(5)). */
const PATHS = ["/etc/os-release", "/usr/lib/os-release"] as const;
const WANT = { kind: "os-release", limit: MiB };

/**
 * Reads os-release. It finds no packages, but tells the other detectors which system the image is. It is in
 * `Capture.detectors` only if it failed.
 */
export const osReleaseDetector: Detector<OsRelease> = {
  name: "os-release",
  want: (path) => (PATHS.some((known) => known === path) ? WANT : undefined),
  candidate: (path) => (path.endsWith("/os-release") ? WANT : undefined),
  parse: (content) => parseOsRelease(content.toString("utf8")),
  conclude({ files, problems }) {
    const osRelease = PATHS.map((path) => files.get(path)).find((release) => release !== undefined);
    if (osRelease !== undefined) {
      return { state: { state: "found", count: 1 }, osRelease };
    }
    const reason = problemsReason(problems);
    return { state: reason === "" ? { state: "absent" } : { state: "error", reason } };
  },
};
