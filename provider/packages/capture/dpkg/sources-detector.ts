import { type Detector, MiB } from "../detector";
import { decodeUtf8 } from "../deb822";
import { problemsReason } from "../problems";
import { parseDeb822Sources, parseSourcesList } from "./sources";

const LIST_WANT = { kind: "list", limit: 4 * MiB, mayDangle: true };
const DEB822_WANT = { kind: "deb822", limit: 4 * MiB, mayDangle: true };
const LIST = /^\/etc\/apt\/(sources\.list|sources\.list\.d\/[^/]+\.list)$/;
const DEB822 = /^\/etc\/apt\/sources\.list\.d\/[^/]+\.sources$/;

/**
 * Where Debian packages came from, according to apt's configuration in the image. It is in `Capture.detectors` only if
 * it failed. Sources are not packages, so this leaves out what apt leaves out too: lines and stanzas that are no
 * entries, and links whose target is missing.
 */
export const aptSourcesDetector: Detector<string[]> = {
  name: "apt-sources",
  want(path) {
    if (LIST.test(path)) return LIST_WANT;
    return DEB822.test(path) ? DEB822_WANT : undefined;
  },
  candidate(path) {
    if (path.endsWith(".sources")) return DEB822_WANT;
    return /\/sources\.list(\.d\/[^/]+\.list)?$/.test(path) ? LIST_WANT : undefined;
  },
  parse(content, want) {
    const text = content.toString("utf8");
    const entries = want.kind === "list" ? parseSourcesList(text) : parseDeb822Sources(text);
    // Only an entry has to be UTF-8. A comment may be in any encoding.
    if (entries.some((entry) => entry.includes("\uFFFD"))) decodeUtf8(content);
    return entries;
  },
  conclude({ files, problems }) {
    if (problems.size > 0) {
      return { state: { state: "error", reason: problemsReason(problems) } };
    }
    const entries = [...new Set([...files.values()].flat())].sort();
    return {
      state: entries.length === 0 ? { state: "absent" } : { state: "found", count: entries.length },
      sources: entries.map((entry) => ({ ecosystem: "dpkg", entry })),
    };
  },
};
