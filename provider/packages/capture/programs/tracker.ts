import type { NotCaptured } from "../outside/not-captured";
import type { Tracker } from "../tracker";
import type { CapturedPackage } from "../types";
import { ELF_LEAST } from "./elf";
import { programReader } from "./program";

/** Most modules of all programs together. Each takes some 200 bytes of memory. */
const MOST_PACKAGES = 1_000_000;

/**
 * The modules that programs say they were made of: those of Go, and those of Rust that `cargo auditable` built. The root of
 * each is the program's path. A program with several names (hard links) is listed under the first one.
 */
export function programsTracker(): Tracker {
  const packages: CapturedPackage[] = [];
  const unread = new Map<string, string[]>();
  let tooMany = false;
  return {
    name: "programs",
    see({ path, type, size }) {
      if (type !== "file" || size < ELF_LEAST || tooMany) return undefined;
      return programReader(path, (findings) => {
        tooMany = packages.length + findings.packages.length > MOST_PACKAGES;
        if (!tooMany) for (const item of findings.packages) packages.push(item);
        if (findings.unread === null) return;
        const known = unread.get(findings.unread) ?? [];
        unread.set(findings.unread, known);
        known.push(path);
      });
    },
    conclude() {
      if (tooMany) {
        const reason = `the image's programs list more than ${MOST_PACKAGES} modules`;
        return { state: { state: "error", reason } };
      }
      const notCaptured: NotCaptured[] = [...unread].map(([language, places]) => ({
        what: `modules of ${language} programs whose own list can't be read`,
        places,
      }));
      const count = packages.length;
      return { state: count === 0 ? { state: "absent" } : { state: "found", count }, packages, notCaptured };
    },
  };
}
