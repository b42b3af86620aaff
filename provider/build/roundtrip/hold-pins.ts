import { rm } from "node:fs/promises";
import { throwawayReference } from "../../base/process/leftovers";
import { temporaryFolder } from "../../base/process/temporary";
import { pinBase, type ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import { PIN_DOCKERFILE, pinsReference, type PinFile } from "../../recipe/pins/pin-files";
import { writePins } from "../../store/pins";
import type { Effects } from "./effects";

/** The pins of one build as an image on the engine. */
export interface HeldPins {
  /** The image, as a base of the build; none if the build has no pins. */
  bases: ResolvedBase[];
  release(): Promise<void>;
}

/** Makes the pins an image for the time of one build, so that every builder can mount them. */
export async function holdPins(
  { engine, signal }: Effects,
  { plan, logFile }: { plan: BuildPlan; logFile: string },
  pins: readonly PinFile[],
): Promise<HeldPins> {
  if (pins.length === 0) return { bases: [], release: () => Promise.resolve() };
  const tag = throwawayReference(`${plan.name}-pins`);
  const folder = await temporaryFolder("pins");
  try {
    await writePins(folder, pins);
    const facts = await engine.build({
      dockerfile: PIN_DOCKERFILE.text,
      ignore: "",
      context: folder,
      tag,
      name: `the pins of ${plan.name}`,
      target: null,
      platform: plan.platform,
      buildArgs: {},
      labels: {},
      bases: [],
      secrets: {},
      cache: true,
      logFile,
      timeoutMs: plan.timeouts.rebuild * 1000,
      signal,
    });
    return { bases: [pinBase(pinsReference(pins), facts)], release: () => engine.remove(tag) };
  } catch (error) {
    await engine.remove(tag);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
