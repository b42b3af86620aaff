import { type Detector, MiB } from "../detector";
import { isAlpineFamily } from "../os-release";
import { problemsReason } from "../problems";
import { systemPlaces } from "../tree/system-place";
import { type ApkPackage, parseInstalled } from "./installed";

/** apk's own database. Systems that have merged /lib into /usr have it in /usr/lib. */
const OWN = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
/** That of another root file system inside the image (`apk --root`). */
const OTHER = /^(\/.*?)(?:\/usr)?\/lib\/apk\/db\/installed$/;
/** A file that only Alpine has, even if the database is missing. */
const RELEASE = "/etc/alpine-release";

/**
 * Alpine packages, from apk's own database `/lib/apk/db/installed`, whatever links that goes through. Packages of a root
 * file system inside the image have it as their root.
 */
export const apkDetector: Detector<ApkPackage[]> = {
  name: "apk",
  want: (path) => (path.endsWith("/installed") ? { kind: "installed", limit: 64 * MiB } : undefined),
  note: (path) => path === RELEASE,
  parse: (content) => parseInstalled(content),
  conclude({ files, problems, noted }, { osRelease, tree }) {
    const { real, wrong } = systemPlaces(tree, OWN);
    const roots = new Map<string, string | undefined>();
    for (const path of [...files.keys(), ...problems.keys()]) {
      const root = OTHER.exec(path)?.[1];
      if (real.has(path) || OWN.includes(path)) roots.set(path, undefined);
      else if (root !== undefined) roots.set(path, root);
    }
    const relevant = [...problems].filter(([path]) => roots.has(path));
    if (wrong.size + relevant.length > 0)
      return { state: { state: "error", reason: problemsReason(new Map([...wrong, ...relevant])) } };
    const packages = [...files].flatMap(([path, items]) =>
      roots.has(path) ? items.map((item) => ({ ...item, root: roots.get(path) })) : [],
    );
    if (packages.length === 0) {
      const hasOwn = [...files.keys()].some((path) => roots.has(path));
      if (!hasOwn && !noted.has(RELEASE) && !isAlpineFamily(osRelease)) return { state: { state: "absent" } };
      const reason = "this is Alpine, but apk's database is missing or lists no package";
      return { state: { state: "error", reason } };
    }
    return {
      state: { state: "found", count: packages.length },
      packages: packages.map(({ name, version, hash, root }) => ({
        ecosystem: "apk",
        name,
        version,
        ...(hash === null ? {} : { hash }),
        ...(root === undefined ? {} : { root }),
      })),
    };
  },
};
