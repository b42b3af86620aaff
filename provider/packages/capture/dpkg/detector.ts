import { type Detector, MiB, type World } from "../detector";
import { isDebianFamily } from "../os-release";
import { problemsReason } from "../problems";
import { systemPlace } from "../tree/system-place";
import { capturedDebs, databasesOf, type DpkgResult } from "./databases";
import { dpkgFile } from "./files";
import { parseStatus, parseStatusPart, parseUpdate } from "./status";

const ROOT = "/var/lib/dpkg";
const STATUS = `${ROOT}/status`;

/** Most bytes of a file, by its kind. */
const LIMITS = { status: 64 * MiB, part: MiB, update: MiB };

/**
 * Debian packages, from dpkg's databases: `status`, `status.d/*` and the pending `updates/*` of an admin directory. The
 * image's own is `/var/lib/dpkg`, whatever links that goes through. Packages of any other (`--admindir`,
 * `DPKG_ADMINDIR`, a root file system inside the image) have it as their root.
 */
export const dpkgDetector: Detector<DpkgResult> = {
  name: "dpkg",
  want(path) {
    const file = dpkgFile(path);
    return file === null ? undefined : { kind: file.kind, limit: LIMITS[file.kind] };
  },
  note: (path, type) => path === ROOT || (type !== "file" && path.endsWith("/info")),
  parse(content, want) {
    if (want.kind === "update") return { kind: "update", records: parseUpdate(content) };
    return {
      kind: "packages",
      packages: want.kind === "status" ? parseStatus(content) : parseStatusPart(content),
    };
  },
  conclude(seen, world) {
    const place = systemPlace(world.tree, STATUS);
    if (place !== null && "problem" in place) {
      return { state: { state: "error", reason: problemsReason(new Map([[STATUS, place.problem]])) } };
    }
    const databases = databasesOf(seen, world.tree, ROOT, place?.path ?? STATUS);
    const problems = new Map(databases.flatMap(({ problems: own }) => [...own]));
    if (problems.size > 0) {
      return { state: { state: "error", reason: problemsReason(problems) } };
    }
    const packages = databases.flatMap(({ packages: debs, root }) => capturedDebs(debs, root));
    if (packages.length === 0) {
      const own = databases.find(({ root }) => root === null);
      const reason = emptiness(own?.hasStatus ?? false, seen.noted.has(ROOT), world);
      return { state: reason === null ? { state: "absent" } : { state: "error", reason } };
    }
    return { state: { state: "found", count: packages.length }, packages };
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
