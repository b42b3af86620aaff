import { type Detector, MiB } from "../detector";
import { problemsReason } from "../problems";
import type { CapturedPackage } from "../types";
import { parseMetadata, type PythonMetadata } from "./metadata";
import { isEnvironment, isInfoDirectory, pythonFile } from "./paths";
import { isBuiltOnTheSpot, recordHash } from "./record";

type PythonResult =
  | { kind: "metadata"; metadata: PythonMetadata }
  | { kind: "installer"; installer: string }
  | { kind: "record"; hash: string | null }
  | { kind: "wheel"; builtOnTheSpot: boolean };

/** Most bytes of headers. Some packages keep their whole description in one header. */
const HEADERS_LIMIT = 4 * MiB;
/** Most bytes of the other files. A RECORD has a line for every file of its package. */
const LIMITS = { installer: 4096, record: 64 * MiB, wheel: MiB };

/** The name of the file that marks a directory as a cache (Cache Directory Tagging Specification). */
const CACHE_TAG = "CACHEDIR.TAG";

/**
 * Whether packages in this directory are only unpacked in an installer's cache: below a directory `.cache`, or below
 * one that is marked as a cache. Nothing imports them from there, and their directories have random names. An
 * environment is never a cache, although some tools mark environments as caches too.
 */
function isCached(root: string, tagged: ReadonlySet<string>): boolean {
  if (isEnvironment(root)) {
    return false;
  }
  const parts = root.split("/");
  return parts.some((part, at) => part === ".cache" || tagged.has(parts.slice(0, at + 1).join("/")));
}

/**
 * Python packages in every environment. {@link pythonFile} says what counts as installed. The hash is made from RECORD,
 * see {@link recordHash}. A wheel that was built on the spot has no hash.
 */
export const pythonDetector: Detector<PythonResult> = {
  name: "python",
  want(path) {
    const file = pythonFile(path);
    if (file === null) {
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
  note: (path, type) =>
    type === "directory" ? isInfoDirectory(path) : type === "file" && path.endsWith(`/${CACHE_TAG}`),
  parse(content, want) {
    switch (want.kind) {
      case "metadata":
        return { kind: "metadata", metadata: parseMetadata(content) };
      case "record":
        return { kind: "record", hash: recordHash(content) };
      case "wheel":
        return { kind: "wheel", builtOnTheSpot: isBuiltOnTheSpot(content) };
      default:
        return { kind: "installer", installer: content.toString("latin1").trim() };
    }
  },
  conclude({ files, problems, noted }) {
    const tagged = new Set(
      [...noted]
        .filter((path) => path.endsWith(`/${CACHE_TAG}`))
        .map((path) => path.slice(0, -CACHE_TAG.length - 1)),
    );
    const described = new Set<string>();
    const installers = new Map<string, string>();
    const hashes = new Map<string, string>();
    const builtOnTheSpot = new Set<string>();
    const packages: CapturedPackage[] = [];
    const wrong = new Map<string, string>();
    const installed = new Set(
      [...files.keys(), ...problems.keys()]
        .map((path) => pythonFile(path)!)
        .flatMap(({ kind, info }) => (kind === "installer" ? [info] : [])),
    );
    for (const [path, problem] of problems) {
      const file = pythonFile(path)!;
      described.add(file.info);
      // In any other directory the file is pip's (`--target`), which then leaves an INSTALLER file, or just test data.
      const relevant = isEnvironment(file.root) || installed.has(file.info);
      if (relevant && !isCached(file.root, tagged)) {
        wrong.set(path, problem);
      }
    }
    for (const [path, result] of files) {
      const { info } = pythonFile(path)!;
      if (result.kind === "installer" && /^[!-~]{1,64}$/.test(result.installer)) {
        installers.set(info, result.installer);
      }
      if (result.kind === "record" && result.hash !== null) hashes.set(info, result.hash);
      if (result.kind === "wheel" && result.builtOnTheSpot) builtOnTheSpot.add(info);
    }
    for (const [path, result] of files) {
      const { info, root } = pythonFile(path)!;
      if (result.kind === "metadata") {
        described.add(info);
        if (!isCached(root, tagged)) {
          const installer = installers.get(info);
          const hash = builtOnTheSpot.has(info) ? undefined : hashes.get(info);
          packages.push({
            ecosystem: "pip",
            ...result.metadata,
            root,
            ...(hash ? { hash } : {}),
            ...(installer ? { installer } : {}),
          });
        }
      }
    }
    for (const path of noted) {
      if (!path.endsWith(`/${CACHE_TAG}`) && !described.has(path)) {
        wrong.set(path, "has no metadata file, so its package is unknown");
      }
    }
    if (wrong.size > 0) {
      return { state: { state: "error", reason: problemsReason(wrong) } };
    }
    const count = packages.length;
    return { state: count === 0 ? { state: "absent" } : { state: "found", count }, packages };
  },
};
