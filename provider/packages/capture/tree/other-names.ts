/** How many components at a name's end decide what it means to a detector: `node_modules/@scope/name/package.json`. */
const DECISIVE = 5;

/**
 * The names under which links lead to a real path, nearest first. Of names that end alike only the first is given. So
 * the names are finite although links can be in a loop.
 *
 * @param linksTo the symbolic links that lead to a real path
 */
export function* otherNames(
  path: string,
  linksTo: (path: string) => readonly string[],
): Generator<string, void> {
  const seen = new Set([ending(path)]);
  /** Names, and how many of their first characters are a real path. */
  const queue = [{ name: path, real: path.length }];
  for (const { name, real } of queue) {
    for (const end of ends(name)) {
      if (end > real) continue;
      for (const link of linksTo(name.slice(0, end) || "/")) {
        const other = link + name.slice(end);
        if (seen.has(ending(other))) continue;
        seen.add(ending(other));
        yield other;
        queue.push({ name: other, real: link.lastIndexOf("/") });
      }
    }
  }
}

/** Where to cut a name: after all of it, and before each of its last components. */
function ends(name: string): number[] {
  const found = [name.length];
  for (let end = name.length; end > 0 && found.length < DECISIVE;) {
    end = name.lastIndexOf("/", end - 1);
    found.push(end);
  }
  return found;
}

function ending(name: string): string {
  return name.split("/").slice(-DECISIVE).join("/");
}
