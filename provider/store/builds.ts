import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { compareTimestamps, TIMESTAMP } from "./timestamp";
import { buildPaths } from "./paths";

/** Timestamps of a layer's complete builds (those with a lock), oldest first; none when there is no store. */
export async function listBuilds(root: string, layer: string): Promise<string[]> {
  const names = await readdir(join(root, layer)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [] as string[];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(`${layer}-`) && name.endsWith(".lock"))
    .map((name) => name.slice(layer.length + 1, -".lock".length))
    .filter((timestamp) => TIMESTAMP.test(timestamp))
    .sort(compareTimestamps);
}

/** The timestamp that `latest` points to, or null when there is none. */
export async function latestBuild(root: string, layer: string): Promise<string | null> {
  const { latest } = buildPaths(root, layer, "");
  const target = await readlink(latest).catch(() => null);
  const name = target?.startsWith(`${layer}-`) === true ? target.slice(layer.length + 1) : "";
  const timestamp = name.replace(/\.(?:lock|sif)$/, "");
  return TIMESTAMP.test(timestamp) ? timestamp : null;
}
