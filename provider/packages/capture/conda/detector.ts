import { type Detector, MiB } from "../detector";
import { problemsReason } from "../problems";
import { type CondaPackage, parseCondaRecord } from "./record";

/** One file per package, directly in a prefix's conda-meta; `history` and others there are no packages. */
const RECORD = /^(.*)\/conda-meta\/([^/]+)\.json$/;

/**
 * Conda packages of every prefix (`<prefix>/conda-meta/*.json`), whatever installed them: conda, mamba, pixi.
 * The build stands in the version: `3.11.5-h955ad1f_0`. A Python package from conda is also one of the Python
 * detector's, where it has metadata of its own.
 */
export const condaDetector: Detector<CondaPackage> = {
  name: "conda",
  want: (path) => (RECORD.test(path) ? { kind: "record", limit: 32 * MiB } : undefined),
  parse: (content, _want, path) => parseCondaRecord(content, RECORD.exec(path)![2]!),
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
