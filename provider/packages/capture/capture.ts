import type { Readable } from "node:stream";
import type { Findings, World } from "./detector";
import { apkDetector } from "./apk/detector";
import { condaDetector } from "./conda/detector";
import { dpkgDetector } from "./dpkg/detector";
import { aptSourcesDetector } from "./dpkg/sources-detector";
import { npmDetector } from "./npm/detector";
import { osReleaseDetector } from "./os-release-detector";
import { pythonDetector } from "./python/detector";
import { rpmDetector } from "./rpm/detector";
import { rubygemsDetector } from "./rubygems/detector";
import { scan } from "./scan";
import { track } from "./tracker";
import type { Capture, CapturedPackage, DetectorState } from "./types";

/**
 * Finds what is installed in an image, in one pass over the tar stream of its exported file system
 * (`docker export`), without running any of its code. Memory is bounded by what detectors keep, not by the
 * size of the image.
 *
 * A detector that can't answer says so in `detectors`, with its reason; see `captureProblems`. The keys are
 * `dpkg`, `apk`, `rpm`, `python`, `npm`, `rubygems` and `conda`, always; `os-release` and `apt-sources` stand
 * there only in error.
 *
 * @throws CaptureError when the stream was not read to the end of the archive: never a short result. A
 *   caller checks the exit code of the exporting process as well.
 */
export async function captureFileSystem(
  stream: Readable,
  options: { signal?: AbortSignal } = {},
): Promise<Capture> {
  const release = track(osReleaseDetector);
  const sources = track(aptSourcesDetector);
  const packages = [
    track(dpkgDetector),
    track(apkDetector),
    track(rpmDetector),
    track(pythonDetector),
    track(npmDetector),
    track(rubygemsDetector),
    track(condaDetector),
  ];
  await scan(stream, [...packages, sources, release], options.signal);

  const system = release.conclude({ osRelease: null });
  const world: World = { osRelease: system.osRelease ?? null };
  const answers = packages.map((tracker) => ({
    name: tracker.name,
    findings: ordered(tracker.conclude(world)),
  }));
  const origin = sources.conclude(world);

  const detectors: Record<string, DetectorState> = {};
  for (const { name, findings } of answers) {
    detectors[name] = findings.state;
  }
  for (const [name, { state }] of [[release.name, system] as const, [sources.name, origin] as const]) {
    if (state.state === "error") {
      detectors[name] = state;
    }
  }
  return {
    packages: orderedPackages(answers.flatMap(({ findings }) => findings.packages ?? [])),
    sources: origin.sources ?? [],
    npmProjects: answers.flatMap(({ findings }) => findings.npmProjects ?? []),
    detectors,
    distribution: world.osRelease?.id ?? null,
  };
}

/** Findings with their packages in order and without duplicates, and a count that says the same. */
function ordered(findings: Findings): Findings {
  const packages = orderedPackages(findings.packages ?? []);
  const { state } = findings;
  return {
    ...findings,
    packages,
    state: state.state === "found" ? { ...state, count: packages.length } : state,
  };
}

/**
 * Packages in canonical order: by ecosystem, root, name, architecture, version, then the remaining facts,
 * compared by UTF-16 code units so that no locale matters. Exact duplicates are removed; one identity with
 * two versions (two dist-info directories of one name, say) stays twice.
 */
export function orderedPackages(packages: readonly CapturedPackage[]): CapturedPackage[] {
  const keyed = packages.map((item) => ({ item, key: sortKey(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.filter(({ key }, at) => key !== keyed[at - 1]?.key).map(({ item }) => item);
}

function sortKey(item: CapturedPackage): string {
  const { ecosystem, root, name, arch, version, hash, stage, installer } = item;
  return [ecosystem, root, name, arch, version, hash, stage, installer].map((part) => part ?? "").join("\0");
}
