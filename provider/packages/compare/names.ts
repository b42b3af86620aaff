import { buildPlace } from "../lock/transient";
import type { LockedPackage } from "../lock/types";

/** Gives each package the name that a drift shows. */
export type Namer = (item: LockedPackage) => string;

/**
 * Names by contract: `<ecosystem>:<name>`, then `:<arch>` where the package has one (a foreign architecture),
 * then `@<root>` where the same ecosystem and name stand at two roots among all packages given, then
 * ` [stage <name>]` where the package belongs to a build stage only, ` [removed again]` or
 * ` [stage <name>, removed again]` where it was removed again within the build. Plain names stay plain, and no other package
 * can be mistaken for the one in the final image.
 *
 * @param wanted The packages that names are needed for.
 * @param all The lists to look for roots in: both sides of a comparison.
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
