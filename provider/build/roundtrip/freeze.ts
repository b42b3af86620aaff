import type { BuilderFacts, EngineIdentity, ImageFacts } from "../../engines/engine";
import { mapFolders } from "../../inputs/named-contexts";
import { canonicalLock, lockHash } from "../../packages/lock/canonical";
import type { Lock } from "../../packages/lock/types";
import { pinsHash } from "../../recipe/pins/pin-files";
import { nextSequence } from "../../store/build-order";
import type { BuildPaths } from "../../store/paths";
import { writeRecord, type BuildRecord } from "../../store/record";
import { pointAtomic, writeAtomic, writePrivate } from "../../store/write";
import { configOfBuilt } from "../../engines/image-digests";
import { writePins } from "../../store/pins";
import { withByHand } from "./by-hand";
import { recordedOf } from "./hidden-inputs";
import { recipeOf, type BuiltParts, type OwnLock } from "./lock-of";
import { relativePath } from "./outputs";
import { hashRecipe } from "../../recipe/dockerfile/read";

/** Everything that is known once the loose recipe is built and captured. */
export interface FreezeParts extends BuiltParts {
  paths: BuildPaths;
  timestamp: string;
  key: string;
  image: ImageFacts;
  reference: string;
  /** Why it is not known which files are in the image, in a sentence; null: it is known. */
  doubt: string | null;
  identity: EngineIdentity & BuilderFacts;
  /** The directory that paths in the record are relative to. */
  directory: string;
}

/** A build that is in the store. */
export interface FrozenBuild {
  lock: Lock;
  record: BuildRecord;
}

/**
 * Writes a build into the store: lock, locked recipe, record, and last the link `latest`, which makes it the artifact's
 * current build. Each file is written whole or not at all.
 */
export async function freeze(parts: FreezeParts, own: OwnLock): Promise<FrozenBuild> {
  const { plan, paths, source, captured, bases, directory } = parts;
  const { lock, npmProjects } = own;
  const bytes = canonicalLock(lock);
  const hash = lockHash(bytes);
  const locked = recipeOf(parts, own);
  const text = withByHand(parts, locked);
  const at = (path: string): string => relativePath(directory, path);
  const config = configOfBuilt(parts.image, parts.identity);
  const record: BuildRecord = {
    ...recordedOf(plan),
    schema: 2,
    timestamp: parts.timestamp,
    sequence: await nextSequence(plan.root, plan.name),
    key: parts.doubt === null ? parts.key : hashRecipe(`${parts.key} ${parts.timestamp}`),
    imageId: parts.image.id,
    ...(config === null ? {} : { configDigest: config }),
    reference: parts.reference,
    recipe: at(plan.recipe),
    context: at(plan.context),
    contexts: mapFolders(plan.contexts, at),
    lock: plan.lock === null ? null : at(plan.lock),
    recipeHash: source.recipeHash,
    // Neither hash is that of what was built. So the build is never taken for one of an unchanged context.
    contextHash:
      parts.doubt === null ? source.contextHash : hashRecipe(`${source.contextHash} ${parts.timestamp}`),
    ...(parts.doubt === null ? {} : { contextChanged: parts.doubt }),
    lockHash: hash,
    lockedHash: hashRecipe(text),
    ...(locked.pins.length === 0 ? {} : { pinsHash: pinsHash(locked.pins) }),
    bases: [...bases],
    npmProjects,
    incompleteTransients: captured.incomplete,
    ...(captured.unordered.length === 0 ? {} : { unordered: captured.unordered }),
    engine: { kind: "docker", ...parts.identity },
  };
  await writeAtomic(paths.lock, bytes);
  if (locked.pins.length > 0) await writePins(paths.pins, locked.pins);
  if (source.ignoreDiffers) await writeAtomic(paths.lockedIgnore, source.ignore);
  await writePrivate(paths.locked, text);
  await writeRecord(paths.record, record);
  await pointAtomic(paths.latest, paths.lock);
  return { lock, record };
}
