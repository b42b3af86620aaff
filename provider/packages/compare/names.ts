import { buildPlace } from "../lock/transient";
import type { LockedPackage } from "../lock/types";

export type Namer = (item: LockedPackage) => string;

/**
 * Makes the names that a drift shows. A name consists of:
 * - `<ecosystem>:<name>`
 * - `:<arch>`, if the package has a foreign architecture
 * - `@<root>`, if that ecosystem and name are at several roots among all given packages
 * - ` [stage <name>]`, if only a build stage has the package; ` [removed again]` or ` [stage <name>, removed again]`,
 * if it was
 *   removed again within the build
 *
 * So a plain name always means the package in the final image.
 *
 * @param wanted the packages for which names are needed
 * @param all the lists in which roots are looked for: both sides of a comparison
 */
export function namerFor(
  wanted: readonly LockedPackage[],
  ...all: readonly (readonly LockedPackage[])[]
): Namer {
  const roots = new Map<string, Map<string, Set<string>>>();
  for (const { ecosystem, name } of wanted) {
    const names = roots.get(ecosystem) ?? new Map<string, Set<string>>();
    roots.set(ecosystem, names);
    if (!names.has(name)) names.set(name, new Set());
  }
  for (const items of all) {
    for (const { ecosystem, name, root } of items)
      roots
        .get(ecosystem)
        ?.get(name)
        ?.add(root ?? "");
  }
  return (item) => {
    const { ecosystem, name, arch, root } = item;
    const place = buildPlace(item);
    const manyRoots = (roots.get(ecosystem)?.get(name)?.size ?? 0) > 1;
    return (
      `${ecosystem}:${name}` +
      (arch ? `:${arch}` : "") +
      (root && manyRoots ? `@${root}` : "") +
      (place === null ? "" : ` [${place}]`)
    );
  };
}
