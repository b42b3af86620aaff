import type { LockedPackage } from "../../packages/lock/types";
import { rangeLine, type ReplacedInRun } from "./replaced";

/**
 * Where Debian puts Python modules that come as .deb (Debian Python Policy), and where such a module has copies of others.
 * apt pins those. Debian removes RECORD, so the capture can't tell that they are copies.
 */
const DEBIAN_ROOT = /^\/usr\/lib\/python3\/dist-packages(?:\/(?:.*\/)?_vendor)?$/;

const isPinned = ({ ecosystem, root = "" }: LockedPackage): boolean =>
  ecosystem === "pip" && !DEBIAN_ROOT.test(root);

function versionsByName(packages: readonly LockedPackage[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages)
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return versions;
}

/** Constraints for one environment beside those for all. */
export interface PipEnvironment {
  /** The directory of its distributions. */
  root: string;
  lines: string[];
}

/** What stands at one version in an environment, and at others elsewhere: constraints for each of these environments. */
export function pipEnvironments(packages: readonly LockedPackage[]): PipEnvironment[] {
  const pinned = packages.filter(isPinned);
  const everywhere = versionsByName(pinned);
  const roots = [...new Set(pinned.map(({ root = "" }) => root))].filter((root) =>
    /^\/[^\\\r\n]*$/.test(root),
  );
  return roots.flatMap((root) => {
    const lines = [...versionsByName(pinned.filter((item) => item.root === root))].flatMap(([name, found]) =>
      found.size === 1 && (everywhere.get(name)?.size ?? 0) > 1 ? [`${name}==${[...found].join()}`] : [],
    );
    return lines.length === 0 ? [] : [{ root, lines }];
  });
}

/**
 * Constraints for pip (PIP_CONSTRAINT): every distribution at its locked version. If different environments have a
 * distribution at two versions, a comment says so: then those of each environment hold (`pipEnvironments`). Empty if nothing
 * was installed by pip.
 *
 * @param replaced what the RUN installs at several versions
 */
export function pipConstraints(
  packages: readonly LockedPackage[],
  replaced: readonly Pick<ReplacedInRun, "name" | "versions">[] = [],
): string[] {
  const versions = versionsByName(packages.filter(isPinned));
  return [...versions].map(([name, found]) => {
    if (found.size > 1) return `# ${name} stands at ${[...found].join(" and ")}: left to the comparison`;
    const several = replaced.find((one) => one.name === name);
    return several === undefined
      ? `${name}==${[...found].join()}`
      : rangeLine(name, [...new Set([...several.versions, ...found])]);
  });
}
