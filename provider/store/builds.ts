import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { NAME } from "../inputs/name";
import { StoreError } from "../base/errors/store-error";
import { compareTimestamps, TIMESTAMP } from "./timestamp";
import { buildPaths } from "./paths";

/** Names of the store's artifacts. Empty when there is no store. */
export async function listNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new StoreError(`the artifact store ${root} can't be read`, root, { cause: error });
  });
  // Other folders in the store's directory (lost+found, .git) are no artifacts.
  return entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name);
}

/** Timestamps of an artifact's complete builds (those that have a lock), oldest first. Empty when there is no store. */
export async function listBuilds(root: string, name: string): Promise<string[]> {
  const directory = join(root, name);
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [] as string[];
    throw new StoreError(`the folder ${directory} of the artifact store can't be read`, directory, {
      cause: error,
    });
  });
  return names
    .filter((file) => file.startsWith(`${name}-`) && file.endsWith(".lock"))
    .map((file) => file.slice(name.length + 1, -".lock".length))
    .filter((timestamp) => TIMESTAMP.test(timestamp))
    .sort(compareTimestamps);
}

/** The timestamp of the build that `latest` points to. Null when there is no such link. */
export async function latestBuild(root: string, name: string): Promise<string | null> {
  const { latest } = buildPaths(root, name, "");
  const target = await readlink(latest).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EINVAL") return null;
    throw new StoreError(`the link ${latest} can't be read`, latest, { cause: error });
  });
  const rest = target?.startsWith(`${name}-`) === true ? target.slice(name.length + 1) : "";
  const timestamp = rest.replace(/\.(?:lock|sif)$/, "");
  return TIMESTAMP.test(timestamp) ? timestamp : null;
}
