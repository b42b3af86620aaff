import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { REPOSITORY } from "../../support/pulumi-project";
import { inFolder } from "./npm";

/** The package as it would be published. */
export interface Tarball {
  /** Absolute path of the `.tgz`. */
  readonly file: string;
  /** The folder in which it was packed. */
  readonly directory: string;
  remove(): Promise<void>;
}

const NOT_COPIED = new Set(["node_modules", ".git", ".state", "dist", "coverage"]);

/**
 * Packs a copy of this repository with `npm pack`, its own compilation included, so that nobody's `dist` is touched.
 * The copy's `dist` already has a file that no source makes.
 */
export async function packTarball(): Promise<Tarball> {
  const directory = await mkdtemp(join(tmpdir(), "verified-images-packed-"));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    return { file: await packIn(directory), directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @returns the tarball's path */
async function packIn(directory: string): Promise<string> {
  const copy = join(directory, "repository");
  await cp(REPOSITORY, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  await symlink(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  await mkdir(join(copy, "dist"));
  await writeFile(join(copy, "dist", "left-over.js"), "");
  await inFolder(copy, "npm", ["pack", "--pack-destination", directory]);
  const [name] = (await readdir(directory)).filter((entry) => entry.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack made no tarball");
  return join(directory, name);
}
