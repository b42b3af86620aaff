import { isPath, isSifPath } from "../../base/reference/sif-path";
import { namesRegistry } from "../../engines/registry/address";

/** Where a promotion's source and targets are. */
export interface Routes extends SplitTargets {
  /** The source is read from its registry, and no engine is asked for it. */
  fromRegistry: boolean;
  /** The image is a SIF file, and so are the targets. No engine and no registry is asked. */
  fromFile: boolean;
}

/** Targets by where they are. */
export interface SplitTargets {
  /** On the engine. */
  local: string[];
  /** In registries. */
  remote: string[];
  /** Paths of SIF images. */
  files: string[];
}

/**
 * Which targets are on the engine, which in registries (those that name a registry's host), and which are files (paths that
 * end with `.sif`).
 */
export function splitTargets(targets: readonly string[]): SplitTargets {
  const files = targets.filter((target) => isSifPath(target));
  const remote = targets.filter((target) => namesRegistry(target));
  return { local: targets.filter((target) => ![...files, ...remote].includes(target)), remote, files };
}

/** What has happened to the targets of a promotion that is refused. */
export const untouchedWords = (targets: readonly string[] = []): string =>
  splitTargets(targets).files.length > 0 ? "no file was replaced" : "no tag was moved";

/**
 * Where the source and the targets are. A reference with a registry's host can be in a registry; image IDs and names
 * without a host are on the engine. A source with a host is read from its registry only if every target is in a registry;
 * otherwise it is the engine's image of that name.
 */
export function routesOf(source: string, targets: readonly string[]): Routes {
  const { local, remote, files } = splitTargets(targets);
  const fromFile = files.length > 0 || isPath(source);
  const fromRegistry = remote.length > 0 && local.length === 0 && namesRegistry(source);
  return { fromRegistry, fromFile, local, remote, files };
}

/** Whether a SIF image is promoted, as far as the inputs tell. */
export const promotesSif = ({
  engine,
  source = "",
  targets = [],
}: {
  engine?: "docker" | "apptainer";
  source?: string;
  targets?: readonly string[];
}): boolean => engine === "apptainer" || routesOf(source, targets).fromFile;

/** Why this source can't go to these targets, or null. */
export function routeProblem(source: string, targets: readonly string[]): string | null {
  const { local, remote } = splitTargets(targets);
  if (!namesRegistry(source) || local.length === 0 || remote.length === 0) return null;
  return (
    `${source} is in a registry, and the target ${local[0]} on the engine: a promotion pulls nothing. ` +
    "Pull the image first (docker pull <repository>@<digest>) and promote its ID, or name targets in registries only"
  );
}
