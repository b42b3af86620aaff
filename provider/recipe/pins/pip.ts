import type { LockedPackage } from "../../packages/lock/types";

/**
 * Where Debian puts Python modules that come as .deb (Debian Python Policy), and where such a module has copies of others.
 * apt pins those. Debian removes RECORD, so the capture can't tell that they are copies.
 */
const DEBIAN_ROOT = /^\/usr\/lib\/python3\/dist-packages(?:\/(?:.*\/)?_vendor)?$/;

/**
 * Constraints for pip (PIP_CONSTRAINT): every distribution at its locked version. If different environments have a
 * distribution at two versions, it can't be constrained. A comment says so, and the comparison will show a difference.
 * Empty if nothing was installed by pip.
 */
export function pipConstraints(packages: readonly LockedPackage[]): string[] {
  const versions = new Map<string, Set<string>>();
  for (const item of packages) {
    if (item.ecosystem !== "pip" || DEBIAN_ROOT.test(item.root ?? "")) continue;
    versions.set(item.name, (versions.get(item.name) ?? new Set()).add(item.version));
  }
  return [...versions].map(([name, found]) =>
    found.size === 1
      ? `${name}==${[...found].join()}`
      : `# ${name} stands at ${[...found].join(" and ")}: left to the comparison`,
  );
}
