import { readdir, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isThere } from "../../base/is-there";
import { NAME } from "../../inputs/name";

/** How scitex-container names a build: `YYYY-MMDD-HHMMSS`, in the local time of its machine. */
const TIMESTAMP = /^[0-9]{4}-[0-9]{4}-[0-9]{6}$/;

/** One build that scitex-container wrote: `<root>/<name>/<name>-<timestamp>.sif`, with files of the same stem beside it. */
export interface ScitexBuild {
  name: string;
  timestamp: string;
  sif: string;
  lock: string;
  verified: string;
  unverified: string;
  keep: string;
}

const buildAt = (root: string, name: string, timestamp: string): ScitexBuild => {
  const at = (ending: string): string => join(root, name, `${name}-${timestamp}.${ending}`);
  return {
    ...{ name, timestamp, sif: at("sif"), lock: at("lock") },
    ...{ verified: at("verified"), unverified: at("unverified"), keep: at("keep") },
  };
};

/** The timestamp in the name of a file of such a build; null: it is none. */
function timestampOf(name: string, file: string): string | null {
  const stem = basename(file).replace(/\.(?:sif|lock)$/, "");
  const timestamp = stem.startsWith(`${name}-`) ? stem.slice(name.length + 1) : "";
  return TIMESTAMP.test(timestamp) && stem !== basename(file) ? timestamp : null;
}

/** The builds of an artifact that scitex-container wrote, the newest first. Nothing is ever written there. */
export async function listScitexBuilds(root: string, name: string): Promise<ScitexBuild[]> {
  const files = await readdir(join(root, name)).catch(() => [] as string[]);
  const timestamps = files
    .filter((file) => file.endsWith(".sif"))
    .flatMap((file) => timestampOf(name, file) ?? []);
  return timestamps
    .sort()
    .reverse()
    .map((timestamp) => buildAt(root, name, timestamp));
}

/** The timestamp of the build that its link `<root>/<name>.sif` points to; null: there is no such link. */
export async function latestScitexBuild(root: string, name: string): Promise<string | null> {
  const target = await readlink(join(root, `${name}.sif`)).catch(() => null);
  return target === null ? null : timestampOf(name, target);
}

/**
 * The build of scitex-container that an artifact stands for: `<name>:<timestamp>`, `<name>` (its latest), the path of its
 * image or lock, or a link to one of them. null: it is none of these.
 */
export async function findScitexBuild(root: string, artifact: string): Promise<ScitexBuild | null> {
  if (artifact.includes("/") || /\.(?:sif|lock)$/.test(artifact)) {
    const file = await realpath(artifact).catch(() => artifact);
    const name = basename(dirname(file));
    const timestamp = timestampOf(name, file);
    const isInside = dirname(dirname(file)) === (await realpath(root).catch(() => root));
    return timestamp !== null && isInside ? buildAt(root, name, timestamp) : null;
  }
  const [name = "", tag = "latest"] = artifact.split(":");
  if (!NAME.test(name)) return null;
  const timestamp = tag === "latest" ? await latestScitexBuild(root, name) : tag;
  if (timestamp === null || !TIMESTAMP.test(timestamp)) return null;
  const build = buildAt(root, name, timestamp);
  return (await isThere(build.sif)) ? build : null;
}
