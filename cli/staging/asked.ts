import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { validatedRevision } from "../../provider/base/git/revision";
import { isFullRevision } from "../../provider/base/revision/revision";
import { isVerifiedImagesError } from "../../provider/base/errors/base";
import { normalise } from "../../provider/base/reference/format";
import { InputError, type InputFailure } from "../../provider/inputs/failure";
import { normalisedTarget, checkPromotionInputs } from "../../provider/promote/inputs/promotion-inputs";
import {
  checkStagingInputs,
  stagingInputs,
  type StagingInputs,
} from "../../provider/stage/inputs/staging-inputs";
import type { World } from "../world";
import type { StageFlags } from "./flags";
import { atStageFlag, settingsOf } from "./settings";

/** What the user asks for, read and checked. */
export interface AskedStage {
  settings: StagingInputs;
  /** An image that exists; null: one is built. */
  image: string | null;
  /** The revision that the image must have, or is built at; null: any. */
  revision: string | null;
  /** The tag that a green image gets, in Docker's short form; null: none. */
  tag: string | null;
}

/** What is wrong with the flags about the image. */
async function wrongImage(image: string | null, flags: StageFlags, world: World): Promise<InputFailure[]> {
  const failures: InputFailure[] = [];
  const add = (property: string, reason: string): void => void failures.push({ property, reason });
  const { context, tag } = flags;
  if (image === null && context === undefined) {
    add("--context", "is missing; give the directory to build, or name an image that is there");
  }
  if (image !== null && context !== undefined) {
    add("--context", `is given together with the image ${image}; build one, or take one`);
  }
  if (context !== undefined) {
    const facts = await stat(resolve(world.directory, context)).catch(() => null);
    if (facts?.isDirectory() !== true) add("--context", `is no directory: ${JSON.stringify(context)}`);
  }
  if (flags.plain === true && image === null && tag === undefined) {
    add("--tag", "is missing; a plain build is in no store, so its image needs a tag");
  }
  if (tag !== undefined) {
    const asked = { source: "staged", targets: [tag], enabled: false };
    const wrong = checkPromotionInputs(asked, () => false).filter(({ property }) =>
      property.startsWith("targets"),
    );
    for (const { reason } of wrong) add("--tag", reason);
  }
  if (flags.dirty !== undefined && !["warn", "refuse"].includes(flags.dirty)) {
    add("--dirty", `expected warn or refuse: ${JSON.stringify(flags.dirty)}`);
  }
  return failures;
}

/** The one full form of an image's name; text that is no reference is returned as it is. */
function fullName(text: string): string {
  try {
    return normalise(text);
  } catch (error) {
    if (isVerifiedImagesError(error)) return text;
    throw error;
  }
}

/** Tags and services that are production's. Names and ports of containers are checked with the settings. */
function collisions({ tag, productionTag, composeService, productionService }: StageFlags): InputFailure[] {
  const failures: InputFailure[] = [];
  if (tag !== undefined && productionTag !== undefined && fullName(tag) === fullName(productionTag)) {
    failures.push({ property: "--tag", reason: `${tag} is production's name; staging needs one of its own` });
  }
  if (composeService !== undefined && composeService === productionService) {
    const reason = `${composeService} is production's service; staging needs one of its own`;
    failures.push({ property: "--compose-service", reason });
  }
  return failures;
}

/** The revision that the flags mean, and what is wrong with it. */
async function revisionOf(
  image: string | null,
  flags: StageFlags,
  world: World,
): Promise<{ revision: string | null; failures: InputFailure[] }> {
  const wrong = (reason: string) => ({ revision: null, failures: [{ property: "--revision", reason }] });
  const { provenance, context } = flags;
  if (!provenance && image !== null) {
    return flags.revision === undefined
      ? { revision: null, failures: [] }
      : wrong("is given together with --no-provenance; choose one");
  }
  if (!provenance) return wrong("is needed for a build: --no-provenance is for an image that is there");
  const head = image === null && context !== undefined && flags.revision === undefined;
  const revision = head
    ? await validatedRevision(resolve(world.directory, context), flags.timeout?.git)
    : flags.revision;
  if (revision === undefined) {
    return wrong(
      "is missing; give the full git revision that the image is of. --no-provenance tries it without",
    );
  }
  if (isFullRevision(revision)) return { revision, failures: [] };
  const given = head ? "the build context has no validated revision to take" : "is no full git revision";
  return wrong(`${given} (40 or 64 lower-case hex digits; git rev-parse HEAD)`);
}

/**
 * Reads everything that the flags ask for.
 *
 * @throws {InputError} naming everything that is wrong
 */
export async function askedStage(world: World, image: string | null, flags: StageFlags): Promise<AskedStage> {
  const given = await settingsOf(world, flags);
  const { revision, failures } = await revisionOf(image, flags, world);
  failures.push(
    ...(await wrongImage(image, flags, world)),
    ...checkStagingInputs(given, () => false).map(atStageFlag),
    ...collisions(flags),
  );
  if (failures.length > 0) throw new InputError(failures);
  const tag = flags.tag === undefined ? null : normalisedTarget(flags.tag);
  return { settings: stagingInputs(given), image, revision, tag };
}
