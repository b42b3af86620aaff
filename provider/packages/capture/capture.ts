import type { Readable } from "node:stream";
import type { Findings, World } from "./detector";
import { apkDetector } from "./apk/detector";
import { condaDetector } from "./conda/detector";
import { dpkgDetector } from "./dpkg/detector";
import { aptSourcesDetector } from "./dpkg/sources-detector";
import { notCapturedTracker } from "./outside/tracker";
import { programsTracker } from "./programs/tracker";
import { npmDetector } from "./npm/detector";
import { osReleaseDetector } from "./os-release-detector";
import { pythonDetector } from "./python/detector";
import { rpmDetector } from "./rpm/detector";
import { rubygemsDetector } from "./rubygems/detector";
import type { Walk } from "./archive/walk";
import { scan } from "./scan";
import { track } from "./tracker";
import type { Capture, CapturedPackage, DetectorState } from "./types";

/**
 * Finds what is installed in an image, in one pass over the tar stream of its exported file system (`docker export`).
 * None of the image's code is run. The memory that is needed depends on what the detectors keep, not on the image's
 * size.
 *
 * If a detector can't answer, `detectors` has the reason; see `captureProblems`. The keys `dpkg`, `apk`, `rpm`,
 * `python`, `npm`, `rubygems`, `conda` and `programs` are always there. `os-release` and `apt-sources` are there only if they
 * failed.
 *
 * @throws {CaptureError} when the archive was not read to its end, so a result is never incomplete. The caller also has
 *   to check the exit code of the exporting process.
 */
export async function captureFileSystem(
  stream: Readable,
  options: { signal?: AbortSignal; walk?: Walk } = {},
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
    programsTracker(),
  ];
  const outside = notCapturedTracker();
  const tree = await scan(stream, [...packages, sources, release, outside], options.signal, options.walk);

  const system = release.conclude({ osRelease: null, tree });
  const world: World = { osRelease: system.osRelease ?? null, tree };
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
    notCaptured: [...answers.map(({ findings }) => findings), outside.conclude(world)].flatMap(
      (findings) => findings.notCaptured ?? [],
    ),
    detectors,
    distribution: world.osRelease?.id ?? null,
  };
}

/** Findings with their packages in order and without duplicates. The count is corrected. */
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
 * Packages in canonical order: by ecosystem, root, name, architecture, version, then the remaining fields. They are
 * compared by UTF-16 code units, so that no locale matters. Exact duplicates are removed. If one identity has two
 * versions (such as two dist-info directories of one name), both stay.
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
