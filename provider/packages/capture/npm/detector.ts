import { escapedPath } from "../archive/path-text";
import { type Detector, MiB, type Seen } from "../detector";
import { messageOf } from "../../../base/errors/message";
import { problemsReason } from "../problems";
import type { CapturedPackage, NpmProject } from "../types";
import { isCacheIndex, parseCacheIndex } from "./cache-index";
import { type HiddenLockItem, parseHiddenLock } from "./hidden-lock";
import { decodeUtf8 } from "../deb822";
import { jsonObject } from "../json";
import { type NpmManifest, parseManifest } from "./manifest";
import { hiddenLockRoot, isTopNodeModules, leadsToPackages, npmPlace, projectRoot } from "./paths";

type NpmResult =
  | { kind: "manifest"; manifest: NpmManifest }
  | { kind: "hidden-lock"; items: ReadonlyMap<string, HiddenLockItem> }
  | { kind: "cache-index"; items: ReadonlyMap<string, string> }
  | { kind: "lock"; content: Buffer };

/** The version that is recorded for a package.json without one. */
const UNVERSIONED = "0.0.0-unversioned";

const MANIFEST = { kind: "manifest", limit: 4 * MiB };
const HIDDEN_LOCK = { kind: "hidden-lock", limit: 64 * MiB };

/**
 * npm packages: every package in every node_modules, however deep. A package.json without a name is recorded under the
 * name of its directory, by which Node finds it. One without a version is recorded as {@link UNVERSIONED}. A
 * package.json among a package's own files (such as the fixtures of its tests) may be unreadable.
 *
 * The hash is the integrity in npm's hidden lock. If that has none, it is the integrity in the image's download cache,
 * which is all that `npm install -g` leaves. It is used if the cache has exactly one tarball of that name and version.
 */
export const npmDetector: Detector<NpmResult> = {
  name: "npm",
  want(path) {
    if (npmPlace(path) !== null) {
      return MANIFEST;
    }
    if (hiddenLockRoot(path) !== null) {
      return HIDDEN_LOCK;
    }
    if (isCacheIndex(path)) {
      return { kind: "cache-index", limit: 4 * MiB };
    }
    return projectRoot(path) === null ? undefined : { kind: "lock", limit: 64 * MiB, retained: true };
  },
  candidate(path) {
    if (path.endsWith("/package.json")) return MANIFEST;
    return path.endsWith("/.package-lock.json") ? HIDDEN_LOCK : undefined;
  },
  leads: leadsToPackages,
  note: (path, type) => (type === "directory" || type === "symlink") && isTopNodeModules(path),
  parse(content, want) {
    switch (want.kind) {
      case "manifest":
        return { kind: "manifest", manifest: parseManifest(content) };
      case "hidden-lock":
        return { kind: "hidden-lock", items: parseHiddenLock(content) };
      case "cache-index":
        return { kind: "cache-index", items: parseCacheIndex(content) };
      default:
        return { kind: "lock", content };
    }
  },
  // The stores of pnpm, bun and yarn have package.json under another name; node_modules has hard links to them.
  linkSource: { firstByte: "{".charCodeAt(0), want: { kind: "manifest", limit: MiB / 4 } },
  conclude(seen) {
    const problems = new Map(
      [...seen.problems].filter(([path]) => npmPlace(path)?.installed ?? isRelevantLock(path, seen)),
    );
    const packages = capturedPackages(seen);
    const npmProjects = projects(seen, problems);
    if (problems.size > 0) {
      return { state: { state: "error", reason: problemsReason(problems) } };
    }
    const count = packages.length;
    return { state: count === 0 ? { state: "absent" } : { state: "found", count }, packages, npmProjects };
  },
};

function capturedPackages({ files }: Seen<NpmResult>): CapturedPackage[] {
  const hashes = new Map<string, HiddenLockItem>();
  const downloaded = new Map<string, Set<string>>();
  for (const [path, result] of files) {
    const root = hiddenLockRoot(path);
    if (result.kind === "cache-index") {
      for (const [place, integrity] of result.items)
        downloaded.set(place, (downloaded.get(place) ?? new Set()).add(integrity));
    }
    if (result.kind === "hidden-lock" && root !== null) {
      const project = root.slice(0, -"node_modules".length);
      result.items.forEach((item, place) => hashes.set(project + escapedPath(place), item));
    }
  }
  const packages: CapturedPackage[] = [];
  for (const [path, result] of files) {
    const place = npmPlace(path);
    if (result.kind === "manifest" && place !== null) {
      const { name = place.directory, version = UNVERSIONED } = result.manifest;
      const locked = hashes.get(`${place.root}/${place.directory}`);
      const cached = [...(downloaded.get(`${name}@${version}`) ?? [])];
      const hash =
        locked?.version === version ? locked.integrity : cached.length === 1 ? cached[0] : undefined;
      packages.push({
        ecosystem: "npm",
        name,
        version,
        root: place.root,
        ...(hash === undefined ? {} : { hash }),
      });
    }
  }
  return packages;
}

/** Projects with a lock file and an installed node_modules. A lock file that is no JSON is added to the problems. */
function projects({ files, noted }: Seen<NpmResult>, problems: Map<string, string>): NpmProject[] {
  const found: NpmProject[] = [];
  for (const [path, result] of files) {
    const root = projectRoot(path);
    if (result.kind !== "lock" || root === null || !noted.has(nodeModules(root))) {
      continue;
    }
    try {
      decodeUtf8(result.content);
      jsonObject(result.content);
      found.push({ root, lock: result.content.toString("utf8") });
    } catch (error) {
      problems.set(path, messageOf(error));
    }
  }
  return found.sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** Whether an unreadable lock file is a problem: a project's and a hidden lock are, the cache's index is not. */
function isRelevantLock(path: string, { noted }: Seen<NpmResult>): boolean {
  if (isCacheIndex(path)) return false;
  const root = projectRoot(path);
  return root === null || noted.has(nodeModules(root));
}

function nodeModules(root: string): string {
  return root === "/" ? "/node_modules" : `${root}/node_modules`;
}
