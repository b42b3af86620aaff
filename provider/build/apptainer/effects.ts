import type { SifEngine } from "../../engines/apptainer/engine";
import type { Registry } from "../../engines/registry/registry";
import type { Effects } from "../roundtrip/effects";

/** What the round trip of a definition needs from outside. */
export type SifEffects = Omit<Effects, "engine"> & {
  engine: SifEngine;
  registry: Pick<Registry, "digestOf">;
};
