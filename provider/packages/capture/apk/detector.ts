import { type Detector, MiB } from "../detector";
import { isAlpineFamily } from "../os-release";
import { problemsReason } from "../problems";
import { type ApkPackage, parseInstalled } from "./installed";

const DATABASE = /^\/(?:usr\/)?lib\/apk\/db\/installed$/;
/** A file that only Alpine has, even if the database is missing. */
const RELEASE = "/etc/alpine-release";

/** Alpine packages, from apk's own database `/lib/apk/db/installed`. */
export const apkDetector: Detector<ApkPackage[]> = {
  name: "apk",
  want: (path) => (DATABASE.test(path) ? { kind: "installed", limit: 64 * MiB } : undefined),
  note: (path) => path === RELEASE,
  parse: (content) => parseInstalled(content),
  conclude({ files, problems, noted }, { osRelease }) {
    if (problems.size > 0) return { state: { state: "error", reason: problemsReason(problems) } };
    const packages = [...files.values()].flat();
    if (packages.length === 0) {
      if (files.size === 0 && !noted.has(RELEASE) && !isAlpineFamily(osRelease))
        return { state: { state: "absent" } };
      const reason = "this is Alpine, but apk's database is missing or lists no package";
      return { state: { state: "error", reason } };
    }
    return {
      state: { state: "found", count: packages.length },
      packages: packages.map(({ name, version, hash }) => ({
        ecosystem: "apk",
        name,
        version,
        ...(hash === null ? {} : { hash }),
      })),
    };
  },
};
