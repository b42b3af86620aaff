import { type Detector, MiB } from "./detector";
import { type OsRelease, parseOsRelease } from "./os-release";
import { problemsReason } from "./problems";

/** In order of precedence; os-release(5). */
const PATHS = ["/etc/os-release", "/usr/lib/os-release"] as const;

/**
 * Reads os-release. No package detector, but its answer is what the others know about the image; it counts
 * as one of `Capture.detectors` only when it fails.
 */
export const osReleaseDetector: Detector<OsRelease> = {
  name: "os-release",
  want: (path) => (PATHS.some((known) => known === path) ? { kind: "os-release", limit: MiB } : undefined),
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
