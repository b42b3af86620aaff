import { engineAt } from "../../build/functions/effects";
import { FROM_DISK, type Reader } from "../../build/roundtrip/source";
import { registryAt } from "../../engines/registry/registry-at";
import type { Engine } from "../../engines/engine";
import type { Registry } from "../../engines/registry/registry";
import type { BuildPlan } from "../../inputs/image-inputs";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";

/** What an image's resource needs from outside, apart from the store's files. */
export interface ImageWorld {
  reader: Reader;
  engineAt: typeof engineAt;
  registryAt: (inspectSeconds: number) => Registry;
}

/** The real engines, registries and files. */
export const REAL_WORLD: ImageWorld = { reader: FROM_DISK, engineAt, registryAt };

/** The engine that inputs name, with their limit for questions or the default one. */
export function engineOf(world: ImageWorld, { host, timeouts, builder }: Partial<BuildPlan>): Engine {
  return world.engineAt(host, (timeouts ?? DEFAULT_TIMEOUTS).inspect, builder);
}
