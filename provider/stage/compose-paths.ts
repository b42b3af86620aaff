import { resolve } from "node:path";
import type { ComposeModel, ComposeResource } from "../engines/compose";
import { pathOnHost, type WorktreeMap } from "./worktree-path";

/** Whether a path is relative, such as `./data`; `/data` and `~/data` are not. */
const isRelative = (path: string): boolean => !path.startsWith("/") && !path.startsWith("~");

/** Whether a volume is in fact a folder of the host, as its driver's options say. */
const isBound = ({ driver_opts: options }: ComposeResource): boolean =>
  options?.device !== undefined && (options.o ?? "").split(",").includes("bind");

const each = <T>(
  record: Record<string, T> | null | undefined,
  change: (value: T, name: string) => T,
): Record<string, T> =>
  Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, change(value, name)]));

/** Applies `change` to every path that is looked up on the engine's host, and to nothing else. */
function changePaths(
  model: ComposeModel,
  service: string,
  change: (path: string, where: string) => string,
): ComposeModel {
  const file = (kind: string) => (value: ComposeResource, name: string) =>
    typeof value.file === "string" ? { ...value, file: change(value.file, `the ${kind} ${name}`) } : value;
  const result: ComposeModel = {
    ...model,
    services: each(model.services, (one, name) => {
      if (name !== service) return one;
      const volumes = (one.volumes ?? []).map((mount) =>
        mount.type === "bind" && typeof mount.source === "string"
          ? { ...mount, source: change(mount.source, `a volume of ${name}`) }
          : mount,
      );
      return { ...one, volumes };
    }),
  };
  if (model.secrets) result.secrets = each(model.secrets, file("secret"));
  if (model.configs) result.configs = each(model.configs, file("config"));
  if (model.volumes) {
    result.volumes = each(model.volumes, (volume, name) => {
      const device = volume.driver_opts?.device;
      if (device === undefined || !isBound(volume)) return volume;
      const options = { ...volume.driver_opts, device: change(device, `the volume ${name}`) };
      return { ...volume, driver_opts: options };
    });
  }
  return result;
}

/** A model with the engine host's paths. */
interface MappedModel {
  model: ComposeModel;
  /** Paths that can't be mapped, each as a phrase with the path as the user wrote it. */
  outside: string[];
}

/**
 * Changes the paths of a service to those of the engine's host: relative paths, and absolute paths inside the work tree.
 * Other absolute paths are taken as paths of that host already.
 *
 * @param directory the compose file's directory, absolute; relative paths start there
 */
export function mapModel(
  model: ComposeModel,
  service: string,
  directory: string,
  map: WorktreeMap,
): MappedModel {
  const outside: string[] = [];
  const changed = changePaths(model, service, (path, where) => {
    if (path.startsWith("~")) return path;
    const there = pathOnHost(resolve(directory, path), map);
    if (there !== null) return there;
    if (isRelative(path)) outside.push(`${where} is ${path}`);
    return path;
  });
  return { model: changed, outside };
}
