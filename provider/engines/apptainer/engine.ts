import type { Capture } from "../../packages/capture/types";
import type { LockedPackage } from "../../packages/lock/types";
import type { EngineIdentity } from "../engine";
import { buildSif, type SifBuild } from "./build";
import { fakerootFlags } from "./fakeroot";
import { findApptainer } from "./find";
import { captureSif, manifestOfSif } from "./read-sif";

/** All that this package needs from an engine whose images are files. */
export interface SifEngine {
  readonly kind: "apptainer";
  /** What the engine is; throws if there is none, or this machine does not let it build. */
  identity(): Promise<EngineIdentity>;
  build(request: SifBuild): Promise<void>;
  /** What is installed in an image, read from its file without running anything of it. */
  capture(sif: string, signal?: AbortSignal): Promise<Capture>;
  manifest(sif: string, signal?: AbortSignal): Promise<LockedPackage[]>;
}

/** Apptainer, through its own command. */
export function apptainerEngine(): SifEngine {
  return {
    kind: "apptainer",
    async identity() {
      const { version } = await findApptainer();
      await fakerootFlags();
      // Its images are files of the store, so wherever the store is they are there too.
      return { id: "apptainer", serverVersion: version, clientVersion: version, builder: "none" };
    },
    build: async (request) => buildSif(await findApptainer(request.signal), request),
    capture: captureSif,
    manifest: manifestOfSif,
  };
}
