import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { throwawayReference } from "../../base/process/leftovers";
import { temporaryFolder } from "../../base/process/temporary";
import { takesNamedContexts } from "../../engines/frontend";
import { pinBase, type ResolvedBase } from "../../engines/pin-base";
import { frontendOf } from "../../recipe/dockerfile/global-arguments";
import { PIN_DOCKERFILE, pinsReference, type PinFile } from "../../recipe/pins/pin-files";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import { writePins } from "../../store/pins";
import type { Effects } from "./effects";

/** The pins of one build, where its builder finds them. */
export interface HeldPins {
  /** The pins as a folder, by the name under which the recipe mounts them; empty if they are an image. */
  folders: Record<string, string>;
  /** The pins as an image on the engine, for builders that don't know folders by name; else none. */
  bases: ResolvedBase[];
  release(): Promise<void>;
}

const NONE: HeldPins = { folders: {}, bases: [], release: () => Promise.resolve() };

/**
 * All may write to the pins, as in the image that {@link PIN_DOCKERFILE} makes of them. The mode is set, because that of a
 * mounted file is in the key of BuildKit's cache, and a umask would change it.
 */
async function openToAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(entries.map((entry) => chmod(join(entry.parentPath, entry.name), 0o777)));
}

/** Gives the pins to the builder for the time of one build. */
export async function holdPins(
  effects: Effects,
  {
    plan,
    recipe,
    pins,
    logFile,
  }: { plan: BuildPlan; recipe: ParsedDockerfile; pins: readonly PinFile[]; logFile: string },
): Promise<HeldPins> {
  if (pins.length === 0) return NONE;
  const { engine, signal } = effects;
  const tag = throwawayReference(`${plan.name}-pins`);
  const folder = await temporaryFolder("pins");
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writePins(folder, pins);
    if (takesNamedContexts(await engine.builder(), frontendOf(recipe, { buildArgs: plan.buildArgs }))) {
      await openToAll(folder);
      return { folders: { [pinsReference(pins)]: folder }, bases: [], release: removeFolder };
    }
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
    await removeFolder();
    const bases = [pinBase(pinsReference(pins), facts)];
    return { folders: {}, bases, release: () => engine.remove(tag) };
  } catch (error) {
    await engine.remove(tag);
    await removeFolder();
    throw error;
  }
}
