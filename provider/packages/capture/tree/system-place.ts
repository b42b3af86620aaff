import { quoted } from "../errors";
import type { FileTree } from "./file-tree";
import { LOOP, NOWHERE } from "./words";

/** Where a system database of a known path really is, or why nobody can tell. */
export type SystemPlace = { path: string } | { problem: string } | null;

/**
 * Follows the path at which a package manager has its database. Null: a directory on the way is missing, so there is no
 * database. A link on the way that leads nowhere is a problem: whoever made it expected a database there.
 */
export function systemPlace(tree: FileTree, path: string): SystemPlace {
  const place = tree.resolve(path);
  if (place.state === "real") return { path: place.path };
  if (place.link === null) return null;
  const why = place.state === "loop" ? LOOP : NOWHERE;
  return {
    problem:
      place.link === path ? `is a link that ${why}` : `is behind ${quoted(place.link)}, a link that ${why}`,
  };
}

/** The same of several paths: the real ones, and what is wrong with the others, by the path as it was given. */
export function systemPlaces(
  tree: FileTree,
  paths: readonly string[],
): { real: ReadonlySet<string>; wrong: ReadonlyMap<string, string> } {
  const places = paths.map((path) => ({ path, place: systemPlace(tree, path) }));
  return {
    real: new Set(places.flatMap(({ place }) => (place !== null && "path" in place ? [place.path] : []))),
    wrong: new Map(
      places.flatMap(({ path, place }) =>
        place !== null && "problem" in place ? [[path, place.problem]] : [],
      ),
    ),
  };
}
