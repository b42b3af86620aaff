import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type TarEntry } from "../../../support/tar-gz";
import type { Bench } from "../bench";
import { CLAIM, CORPUS } from "./claim";

/** What stands in a folder beside its context. */
const NO_CONTEXT = new Set([CLAIM, "base", "served", "served-later", "repository", "repository-later"]);

/** What recipes call our base images and hosts, so that they read as people write them. */
const STAND_IN = /\bcorpus\/|\b[a-z]+\.example\b/g;

/** Puts this run's images and addresses where a recipe has the names for them. */
export function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(STAND_IN, (name) => names.get(name) ?? name);
}

async function filesBelow(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** The files of a folder's own base image (`base/`), or null when it has none. */
export async function baseEntries(
  folder: string,
  names: ReadonlyMap<string, string>,
): Promise<TarEntry[] | null> {
  const directory = join(CORPUS, folder, "base");
  const files = await filesBelow(directory);
  if (files.length === 0) return null;
  return Promise.all(
    files.map(async (path) => ({
      path,
      content: withNames(await readFile(join(directory, path), "utf8"), names),
    })),
  );
}

/** Copies a folder's context into a bench, modes included. */
export async function fillContext(
  bench: Bench,
  folder: string,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const directory = join(CORPUS, folder);
  for (const path of await filesBelow(directory)) {
    if (NO_CONTEXT.has(path.split("/")[0] ?? "")) continue;
    const file = join(directory, path);
    const { mode } = await stat(file);
    await bench.write(path, withNames(await readFile(file, "utf8"), names), mode & 0o777);
  }
}
