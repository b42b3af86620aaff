import { type Detector, MiB, type World } from "../detector";
import { isDebianFamily } from "../os-release";
import { problemsReason } from "../problems";
import type { CapturedPackage } from "../types";
import { foreignArchitecture, nativeArchitecture } from "./architecture";
import { type DpkgPackage, parseStatus, parseStatusPart } from "./status";

const ROOT = "/var/lib/dpkg";
const STATUS = `${ROOT}/status`;
/** The files in `status.d`, one per package. `<package>.md5sums` are lists of files. */
const PART = /^\/var\/lib\/dpkg\/status\.d\/(?![^/]*\.md5sums$)[^/]+$/;

/** Debian packages, from dpkg's own database: `/var/lib/dpkg/status` and `/var/lib/dpkg/status.d/*`. */
export const dpkgDetector: Detector<DpkgPackage[]> = {
  name: "dpkg",
  want(path) {
    if (path === STATUS) {
      return { kind: "status", limit: 64 * MiB };
    }
    return PART.test(path) ? { kind: "part", limit: MiB } : undefined;
  },
  note: (path) => path === ROOT,
  parse: (content, want) => (want.kind === "status" ? parseStatus(content) : parseStatusPart(content)),
  conclude({ files, problems, noted }, world) {
    if (problems.size > 0) {
      return { state: { state: "error", reason: problemsReason(problems) } };
    }
    const installed = [...files.values()].flat();
    if (installed.length === 0) {
      const reason = emptiness(files.has(STATUS), noted.has(ROOT), world);
      return { state: reason === null ? { state: "absent" } : { state: "error", reason } };
    }
    return { state: { state: "found", count: installed.length }, packages: capturedDebs(installed) };
  },
};

/**
 * Why it can't be true that there are no packages; null if it can be true. On a system that is not Debian's, a missing
 * or empty database only means that somebody installed dpkg as a tool.
 */
function emptiness(hasStatus: boolean, hasRoot: boolean, { osRelease }: World): string | null {
  if (isDebianFamily(osRelease)) {
    const system = `os-release says ${osRelease?.id ?? "that it is like Debian"}`;
    return hasStatus
      ? `"${STATUS}" lists no installed package, but ${system}`
      : `there is neither "${STATUS}" nor a file in "${STATUS}.d", but ${system}`;
  }
  if ((osRelease === null || osRelease.id === null) && (hasStatus || hasRoot)) {
    return hasStatus
      ? `"${STATUS}" lists no installed package`
      : `"${ROOT}" is there, but has neither a status file nor a file in status.d`;
  }
  return null;
}

/** The packages as a capture has them. */
export function capturedDebs(installed: readonly DpkgPackage[]): CapturedPackage[] {
  const native = nativeArchitecture(installed);
  return installed.map((item) => toCaptured(item, native));
}

function toCaptured(item: DpkgPackage, native: string | null): CapturedPackage {
  const arch = foreignArchitecture(item, native);
  return {
    ecosystem: "dpkg",
    name: item.name,
    version: item.version,
    ...(arch === undefined ? {} : { arch }),
  };
}
