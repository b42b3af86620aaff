import type { Registry } from "./registry";
import { registryOf } from "./registry-of";
import { skopeo } from "./skopeo";

/** Registries. `inspectSeconds` is the limit for one question, in seconds. */
export function registryAt(inspectSeconds: number): Registry {
  return registryOf(skopeo(inspectSeconds * 1000));
}
