import { mostCommon } from "../most-common";
import { type Detector, MiB, type World } from "../detector";
import { isRpmFamily } from "../os-release";
import { problemsReason } from "../problems";
import type { CapturedPackage } from "../types";
import { parseRpmDatabase, rpmFile } from "./database";
import type { RpmPackage } from "./header";
import { rpmPlaces } from "./places";

const BERKELEY =
  "is a Berkeley DB database, which is not read; build from a base whose rpm keeps SQLite or ndb " +
  "(Fedora 33, RHEL 9 and later)";

/**
 * rpm packages, from rpm's databases in the formats SQLite and ndb. A Berkeley DB (RHEL 8 and older) is refused. The
 * architecture is recorded if it is neither `noarch` nor the database's most common one. rpm's own directories are found
 * whatever links they go through. Packages of a database in any other place have it as their root.
 */
export const rpmDetector: Detector<RpmPackage[]> = {
  name: "rpm",
  want(path) {
    const file = rpmFile(path);
    return file === null || file === "bdb" ? undefined : { kind: file, limit: 256 * MiB };
  },
  note: (path, type) => type !== "directory" && rpmFile(path) === "bdb",
  parse(content, { kind }) {
    if (kind === "log") {
      if (content.length > 0) {
        throw new Error(
          "holds changes that are not in the database yet; run 'rpm --rebuilddb' in the recipe",
        );
      }
      return [];
    }
    return parseRpmDatabase(content, kind === "ndb" ? "ndb" : "sqlite");
  },
  conclude({ files, problems, noted }, world) {
    const places = rpmPlaces(world.tree, [...files.keys(), ...problems.keys(), ...noted]);
    const unread = [...problems, ...[...noted].map((path) => [path, BERKELEY] as const)];
    const wrong = new Map([...places.wrong, ...unread.filter(([path]) => places.isKnown(path))]);
    if (wrong.size > 0) {
      return { state: { state: "error", reason: problemsReason(wrong) } };
    }
    const byRoot = new Map<string, RpmPackage[]>();
    for (const [path, items] of files) {
      const root = places.rootOf(path);
      const others = byRoot.get(root) ?? [];
      for (const item of items) others.push(item);
      byRoot.set(root, others);
    }
    const packages = [...byRoot].flatMap(([root, items]) => captured(root, items));
    if (packages.length === 0) {
      const reason = emptiness([...files.keys()].filter(places.isKnown).sort(), world);
      return { state: reason === null ? { state: "absent" } : { state: "error", reason } };
    }
    return { state: { state: "found", count: packages.length }, packages };
  },
};

function captured(root: string, installed: readonly RpmPackage[]): CapturedPackage[] {
  const native = mostCommon(installed.map(({ arch }) => arch).filter(isReal));
  return installed.map(({ name, version, arch, hash }) => ({
    ecosystem: "rpm",
    name,
    version,
    ...(isReal(arch) && arch !== native ? { arch } : {}),
    ...(hash === null ? {} : { hash }),
    ...(root === "" ? {} : { root }),
  }));
}

/** Why it can't be true that there are no packages; null if it can: on other systems rpm is only a tool. */
function emptiness([path]: string[], { osRelease }: World): string | null {
  const lists = path === undefined ? "there is no rpm database" : `"${path}" lists no package`;
  if (isRpmFamily(osRelease)) {
    return `${lists}, but os-release says ${osRelease?.id ?? "that the system is made of rpm packages"}`;
  }
  return path !== undefined && (osRelease === null || osRelease.id === null) ? lists : null;
}

function isReal(arch: string | null): arch is string {
  return arch !== null && arch !== "noarch";
}
