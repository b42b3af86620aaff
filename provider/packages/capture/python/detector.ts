import { type Detector, MiB } from "../detector";
import type { NotCaptured } from "../outside/not-captured";
import { problemsReason } from "../problems";
import type { CapturedPackage } from "../types";
import { CACHE_TAG, INSTALLED_FILES, leftOut, leftOver } from "./left-out";
import { parseMetadata, type PythonMetadata } from "./metadata";
import { isEnvironment, isInfoDirectory, isLeftOver, pythonFile } from "./paths";
import { copiesInside, isBuiltOnTheSpot, recordHash } from "./record";

type PythonResult =
  | { kind: "metadata"; metadata: PythonMetadata }
  | { kind: "installer"; installer: string }
  | { kind: "record"; hash: string | null; copies: string[] }
  | { kind: "wheel"; builtOnTheSpot: boolean };

/** Most bytes of headers. Some packages keep their whole description in one header. */
const HEADERS_LIMIT = 4 * MiB;
/** Most bytes of the other files. A RECORD has a line for every file of its package. */
const LIMITS = { installer: 4096, record: 64 * MiB, wheel: MiB };

const isTag = (path: string): boolean => path.endsWith(`/${CACHE_TAG}`);
const isFileList = (path: string): boolean => path.endsWith(`.egg-info/${INSTALLED_FILES}`);
const parent = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/**
 * Python packages, wherever their metadata is. {@link pythonFile} says what metadata is, and {@link leftOut} what does not
 * count. The hash is made from RECORD, see {@link recordHash}. A wheel that was built on the spot has no hash.
 */
export const pythonDetector: Detector<PythonResult> = {
  name: "python",
  want(path) {
    const file = pythonFile(path);
    if (file === null || isLeftOver(file.info)) {
      return undefined;
    }
    return file.kind === "metadata"
      ? {
          kind: "metadata",
          limit: HEADERS_LIMIT,
          headersOnly: true,
          mayDangle: path.endsWith(".egg-info"),
        }
      : { kind: file.kind, limit: LIMITS[file.kind] };
  },
  leads: isEnvironment,
  note: (path, type) =>
    type === "directory"
      ? isInfoDirectory(path) || (isLeftOver(path) && path.endsWith(".dist-info"))
      : type === "file" && (isTag(path) || isFileList(path)),
  parse(content, want) {
    switch (want.kind) {
      case "metadata":
        return { kind: "metadata", metadata: parseMetadata(content) };
      case "record":
        return { kind: "record", hash: recordHash(content), copies: copiesInside(content) };
      case "wheel":
        return { kind: "wheel", builtOnTheSpot: isBuiltOnTheSpot(content) };
      default:
        return { kind: "installer", installer: content.toString("latin1").trim() };
    }
  },
  conclude({ files, problems, noted }, { tree }) {
    const read = [...files].map(([path, result]) => ({ ...pythonFile(path)!, result }));
    const unreadable = [...problems].map(([path, problem]) => ({ path, ...pythonFile(path)!, problem }));
    const described = new Set(
      [...read, ...unreadable].filter(({ kind }) => kind === "metadata").map(({ info }) => info),
    );
    const byInstaller = new Set(
      [...read, ...unreadable].filter(({ kind }) => kind === "installer").map(({ info }) => info),
    );
    const installers = new Map<string, string>();
    const hashes = new Map<string, string>();
    const builtOnTheSpot = new Set<string>();
    const copies = new Set<string>();
    for (const { info, root, result } of read) {
      if (result.kind === "installer" && /^[!-~]{1,64}$/.test(result.installer)) {
        installers.set(info, result.installer);
      }
      if (result.kind === "record") {
        if (result.hash !== null) hashes.set(info, result.hash);
        if (described.has(info)) result.copies.forEach((path) => copies.add(join(root, path)));
      }
      if (result.kind === "wheel" && result.builtOnTheSpot) builtOnTheSpot.add(info);
    }
    const facts = {
      tagged: new Set([...noted].filter(isTag).map(parent)),
      copies,
      installed: new Set([...noted].filter(isFileList).map(parent)),
      isEnvironment: (directory: string) =>
        isEnvironment(directory) || tree.linksTo(directory).some(isEnvironment),
    };

    const packages: CapturedPackage[] = [];
    const aside: { metadata: PythonMetadata; reason: NotCaptured }[] = [];
    for (const { info, root, result } of read) {
      if (result.kind !== "metadata") continue;
      const { metadata } = result;
      const reason = leftOut({ root, info }, facts);
      if (reason !== null) {
        aside.push({ metadata, reason });
        continue;
      }
      const installer = installers.get(info);
      const hash = builtOnTheSpot.has(info) ? undefined : hashes.get(info);
      packages.push({
        ecosystem: "pip",
        ...metadata,
        root,
        ...(hash ? { hash } : {}),
        ...(installer ? { installer } : {}),
      });
    }

    const wrong = new Map<string, string>();
    for (const { path, root, info, problem } of unreadable) {
      // In any other directory the file is pip's (`--target`), which then leaves an INSTALLER file, or just test data.
      const relevant = facts.isEnvironment(root) || byInstaller.has(info);
      if (relevant && leftOut({ root, info }, facts) === null) {
        wrong.set(path, problem);
      }
    }
    for (const path of noted) {
      if (isInfoDirectory(path) && !described.has(path)) {
        wrong.set(path, "has no metadata file, so its package is unknown");
      }
    }
    if (wrong.size > 0) {
      return { state: { state: "error", reason: problemsReason(wrong) } };
    }
    const listed = new Set(packages.map(placeless));
    const leftOvers = [...noted].filter(isLeftOver).map((path) => leftOver(path));
    const count = packages.length;
    return {
      state: count === 0 ? { state: "absent" } : { state: "found", count },
      packages,
      notCaptured: [
        ...leftOvers,
        // A project that is installed as "editable" is listed where it is installed.
        ...aside.filter(({ metadata }) => !listed.has(placeless(metadata))).map(({ reason }) => reason),
      ],
    };
  },
};

function join(root: string, path: string): string {
  return root === "/" ? `/${path}` : `${root}/${path}`;
}

function placeless({ name, version }: PythonMetadata): string {
  return `${name} ${version}`;
}
