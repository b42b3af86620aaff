import { type Detector, MiB } from "../detector";
import { problemsReason } from "../problems";
import { type CondaPackage, parseCondaRecord } from "./record";

/** One file per package, directly in a prefix's conda-meta. `history` and other files there are no packages. */
const RECORD = /^(.*)\/conda-meta\/([^/]+)\.json$/;
/** How the files of packages are named: `<name>-<version>-<build>.json`. */
const BUILD = /\/[^/-][^/]*-[^/-]+-[^/-]+\.json$/;
const WANT = { kind: "record", limit: 32 * MiB };

/**
 * Conda packages of every prefix (`<prefix>/conda-meta/*.json`), whether conda, mamba or pixi installed them. The
 * version includes the build: `3.11.5-h955ad1f_0`. A Python package from conda is also found by the Python detector, if
 * it has Python metadata.
 */
export const condaDetector: Detector<CondaPackage> = {
  name: "conda",
  want: (path) => (RECORD.test(path) ? WANT : undefined),
  candidate: (path) => (BUILD.test(path) ? WANT : undefined),
  leads: (link) => link.endsWith("/conda-meta"),
  parse: (content, _want, path) =>
    parseCondaRecord(content, path.slice(path.lastIndexOf("/") + 1, -".json".length)),
  conclude({ files, problems }) {
    if (problems.size > 0) {
      return { state: { state: "error", reason: problemsReason(problems) } };
    }
    const packages = [...files].map(([path, { name, version, hash }]) => ({
      ecosystem: "conda" as const,
      name,
      version,
      root: RECORD.exec(path)![1]! || "/",
      ...(hash === null ? {} : { hash }),
    }));
    const count = packages.length;
    return { state: count === 0 ? { state: "absent" } : { state: "found", count }, packages };
  },
};
