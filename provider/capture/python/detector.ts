import { type Detector, MiB } from "../detector";
import { problemsReason } from "../problems";
import type { CapturedPackage } from "../types";
import { CACHE_TAG, isCached } from "./caches";
import { parseMetadata, type PythonMetadata } from "./metadata";
import { isInfoDirectory, pythonFile } from "./paths";

type PythonResult = { kind: "metadata"; metadata: PythonMetadata } | { kind: "installer"; installer: string };

/** Most bytes of headers; some packages keep their whole description in one. */
const HEADERS_LIMIT = 4 * MiB;

/** Python packages in every environment, see {@link pythonFile} for what is installed and what is not. */
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
          maybeDirectory: path.endsWith(".egg-info"),
        }
      : { kind: "installer", limit: 4096 };
  },
  note: (path, type) =>
    type === "directory" ? isInfoDirectory(path) : type === "file" && path.endsWith(`/${CACHE_TAG}`),
  parse: (content, want) =>
    want.kind === "metadata"
      ? { kind: "metadata", metadata: parseMetadata(content) }
      : { kind: "installer", installer: content.toString("latin1").trim() },
  conclude({ files, problems, noted }) {
    const tagged = new Set(
      [...noted]
        .filter((path) => path.endsWith(`/${CACHE_TAG}`))
        .map((path) => path.slice(0, -CACHE_TAG.length - 1)),
    );
    const described = new Set<string>();
    const installers = new Map<string, string>();
    const packages: CapturedPackage[] = [];
    const wrong = new Map<string, string>();
    for (const [path, problem] of problems) {
      const file = pythonFile(path)!;
      described.add(file.info);
      if (!isCached(file.root, tagged)) {
        wrong.set(path, problem);
      }
    }
    for (const [path, result] of files) {
      if (result.kind === "installer" && /^[!-~]{1,64}$/.test(result.installer)) {
        installers.set(pythonFile(path)!.info, result.installer);
      }
    }
    for (const [path, result] of files) {
      const { info, root } = pythonFile(path)!;
      if (result.kind === "metadata") {
        described.add(info);
        if (!isCached(root, tagged)) {
          const installer = installers.get(info);
          packages.push({ ecosystem: "pip", ...result.metadata, root, ...(installer ? { installer } : {}) });
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
