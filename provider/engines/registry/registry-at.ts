import type { Registry } from "./registry";
import { registryOf } from "./registry-of";
import { skopeo } from "./skopeo";

/** Registries, with a limit for one question in seconds. */
export function registryAt(inspectSeconds: number): Registry {
  return registryOf(skopeo(inspectSeconds * 1000));
}
