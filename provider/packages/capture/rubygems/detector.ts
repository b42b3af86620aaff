import { type Detector, MiB } from "../detector";
import { problemsReason } from "../problems";
import { type Gem, parseGemspec } from "./gemspec";
import { gemspecFile, isInsideGem } from "./paths";

const SUFFIX = ".gemspec";
const GEMSPEC = { kind: "gemspec", limit: 4 * MiB };

/**
 * Ruby gems, from the specifications in every gem root: `<root>/specifications/*.gemspec`, and `specifications/default`
 * for those that came with Ruby. The version of a gem for one platform includes the platform, as in a Gemfile.lock:
 * `1.16.0-x86_64-linux`. Gems that Bundler took from git have no installed specification, and are not found.
 */
export const rubygemsDetector: Detector<Gem> = {
  name: "rubygems",
  want: (path) => (gemspecFile(path) === null ? undefined : GEMSPEC),
  candidate: (path) => (path.endsWith(SUFFIX) ? GEMSPEC : undefined),
  leads: (link) => gemspecFile(`${link}/x${SUFFIX}`) !== null,
  parse: (content, _want, path) =>
    parseGemspec(content, path.slice(path.lastIndexOf("/") + 1, -SUFFIX.length)),
  conclude({ files, problems }) {
    const roots = new Set([...files.keys(), ...problems.keys()].map((path) => gemspecFile(path)!.root));
    const inner = new Set([...roots].filter((root) => isInsideGem(root, roots)));
    const wrong = new Map([...problems].filter(([path]) => !inner.has(gemspecFile(path)!.root)));
    if (wrong.size > 0) {
      return { state: { state: "error", reason: problemsReason(wrong) } };
    }
    const packages = [...files]
      .map(([path, gem]) => ({ ...gem, root: gemspecFile(path)!.root }))
      .filter(({ root }) => !inner.has(root))
      .map(({ name, version, platform, root }) => ({
        ecosystem: "gem" as const,
        name,
        version: platform === "ruby" ? version : `${version}-${platform}`,
        root,
      }));
    const count = packages.length;
    return { state: count === 0 ? { state: "absent" } : { state: "found", count }, packages };
  },
};
