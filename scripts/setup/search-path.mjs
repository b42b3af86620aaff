import { createHash } from "node:crypto";
import { mkdirSync, readlinkSync, realpathSync, renameSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findFirst } from "./which.mjs";

/**
 * The folders to put before and after a search path so that the tools found are the first of their names. Tools that
 * are first already add nothing: their folder may hold other programs that must not move to the front.
 * @param {string | undefined} searchPath
 * @param {{pulumi: string, docker: string, dockerFolder: () => string, launcherFolder: string}} tools dockerFolder
 *   makes a folder with nothing but `docker` in it
 * @param {(name: string, searchPath: string | undefined) => string | null} [first]
 * @returns {string}
 */
export function extendedPath(
  searchPath,
  { pulumi, docker, dockerFolder, launcherFolder },
  first = findFirst,
) {
  const before = [];
  if (!isSame(first("pulumi", searchPath), pulumi)) before.push(dirname(pulumi));
  if (!isSame(first("docker", searchPath), docker)) before.push(dockerFolder());
  return [...before, ...(searchPath ? [searchPath] : []), launcherFolder].join(delimiter);
}

/** @param {string | null} a @param {string} b */
function isSame(a, b) {
  return a !== null && (a === b || realpathSync(a) === realpathSync(b));
}

/**
 * A folder in the cache with nothing but a link `docker` to the given CLI in it.
 * @param {string} cache
 * @param {string} docker
 * @returns {string}
 */
export function linkFolder(cache, docker) {
  const folder = join(
    cache,
    "bin",
    `docker-${createHash("sha256").update(docker).digest("hex").slice(0, 12)}`,
  );
  const link = join(folder, "docker");
  mkdirSync(folder, { recursive: true });
  try {
    if (readlinkSync(link) === docker) return folder;
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EINVAL") throw error;
  }
  const unfinished = `${link}.${process.pid}`;
  symlinkSync(docker, unfinished);
  renameSync(unfinished, link);
  return folder;
}
