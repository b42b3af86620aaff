import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { gitIn, type Git } from "./git";

/** Files whose remembered size is looked at. Of the others it stays in doubt whether they were changed. */
const MOST_SIZES = 500;

/** Files, of some, that go through one of these filters. */
async function throughFilter(
  git: Git,
  paths: readonly string[],
  drivers: ReadonlySet<string>,
): Promise<string[]> {
  const { stdout } = await git(["check-attr", "-z", "--stdin", "filter"], paths.join("\0") + "\0");
  const fields = stdout.split("\0");
  return paths.filter((_, index) => drivers.has(fields[index * 3 + 2] ?? ""));
}

/** The sizes that git remembers of files as it last saw them. 0: it remembers none. */
async function rememberedSizes(git: Git, paths: readonly string[]): Promise<Map<string, number>> {
  const literal = paths.map((path) => `:(top,literal)${path}`);
  const { stdout } = await git(["ls-files", "--debug", "-z", "--full-name", "--", ...literal]);
  const sizes = new Map<string, number>();
  // Behind each path are some lines about it, of which the one with the size is the last.
  const [first = "", ...rest] = stdout.split("\0");
  let path = first;
  for (const part of rest) {
    const lines = part.split("\n");
    const last = lines.findIndex((line) => line.startsWith("  size: "));
    if (last === -1) break;
    sizes.set(path, Number.parseInt((lines[last] ?? "").slice("  size: ".length), 10));
    path = lines.slice(last + 1).join("\n");
  }
  return sizes;
}

/**
 * Of files that differ from what was committed as they are, those that a filter may have made differ. A file whose size is
 * no longer the one that git has seen was changed, with or without a filter: git itself says so without asking it.
 *
 * @param top the top of the work tree
 * @param paths relative to it
 * @param drivers names of the filters that are not run
 */
export async function filtered(
  top: string,
  paths: readonly string[],
  drivers: ReadonlySet<string>,
  seconds: number,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const git = gitIn(top, seconds);
  const asked = await throughFilter(git, paths, drivers);
  if (asked.length === 0) return [];
  const sizes = await rememberedSizes(git, asked.slice(0, MOST_SIZES));
  const doubtful: string[] = [];
  for (const path of asked) {
    const remembered = sizes.get(path) ?? 0;
    const facts = await lstat(join(top, path)).catch(() => null);
    // Git keeps 32 bits of a size.
    if (remembered === 0 || facts === null || facts.size % 2 ** 32 === remembered) doubtful.push(path);
  }
  return doubtful;
}
