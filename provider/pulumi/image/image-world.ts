import { engineAt } from "../../build/functions/effects";
import { FROM_DISK, type Reader } from "../../build/roundtrip/source";
import { registryAt } from "../../engines/registry/registry-at";
import { sifImages } from "../../store/sif-images";
import type { Engine, Images } from "../../engines/engine";
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

/** Where the image of inputs is looked for: among the files of the store, or on the engine. */
export function imagesOf(world: ImageWorld, inputs: Partial<BuildPlan>): Images {
  const { engine, root } = inputs;
  return engine === "apptainer" && root !== undefined ? sifImages(root) : engineOf(world, inputs);
}

/** The engine that inputs name, with their limit for questions or the default one. */
export function engineOf(world: ImageWorld, { host, timeouts, builder }: Partial<BuildPlan>): Engine {
  return world.engineAt(host, (timeouts ?? DEFAULT_TIMEOUTS).inspect, builder);
}
