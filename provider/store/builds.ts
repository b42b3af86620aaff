import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { LAYER } from "../inputs/layer";
import { StoreError } from "../base/errors/store-error";
import { compareTimestamps, TIMESTAMP } from "./timestamp";
import { buildPaths } from "./paths";

/** Names of the store's layers; none when there is no store. */
export async function listLayers(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new StoreError(`the artifact store ${root} can't be read`, root, { cause: error });
  });
  // Whatever else lies in the directory (lost+found, .git) is no layer.
  return entries.filter((entry) => entry.isDirectory() && LAYER.test(entry.name)).map(({ name }) => name);
}

/** Timestamps of a layer's complete builds (those with a lock), oldest first; none when there is no store. */
export async function listBuilds(root: string, layer: string): Promise<string[]> {
  const directory = join(root, layer);
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [] as string[];
    throw new StoreError(`the folder ${directory} of the artifact store can't be read`, directory, {
      cause: error,
    });
  });
  return names
    .filter((name) => name.startsWith(`${layer}-`) && name.endsWith(".lock"))
    .map((name) => name.slice(layer.length + 1, -".lock".length))
    .filter((timestamp) => TIMESTAMP.test(timestamp))
    .sort(compareTimestamps);
}

/** The timestamp that `latest` points to, or null when there is none, or something that is no link. */
export async function latestBuild(root: string, layer: string): Promise<string | null> {
  const { latest } = buildPaths(root, layer, "");
  const target = await readlink(latest).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EINVAL") return null;
    throw new StoreError(`the link ${latest} can't be read`, latest, { cause: error });
  });
  const name = target?.startsWith(`${layer}-`) === true ? target.slice(layer.length + 1) : "";
  const timestamp = name.replace(/\.(?:lock|sif)$/, "");
  return TIMESTAMP.test(timestamp) ? timestamp : null;
}
