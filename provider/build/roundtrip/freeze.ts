import { readFile } from "node:fs/promises";
import { findUnpinned } from "../../recipe/dockerfile/unpinned";
import type { BuilderFacts, EngineIdentity, ImageFacts } from "../../engines/engine";
import type { BuildPlan } from "../../inputs/image-inputs";
import { mapFolders } from "../../inputs/named-contexts";
import type { PastHook } from "../../recipe/apt-records/past-hook";
import { canonicalLock, lockHash } from "../../packages/lock/canonical";
import { makeLock } from "../../packages/lock/make";
import type { Lock } from "../../packages/lock/types";
import { keptProjects } from "../../recipe/pins/npm-lock-credentials";
import { lockedRecipe } from "../../recipe/pins/locked-recipe";
import { pinsHash } from "../../recipe/pins/pin-files";
import { nextSequence } from "../../store/build-order";
import type { BuildPaths } from "../../store/paths";
import { writeRecord, type BuildRecord } from "../../store/record";
import { pointAtomic, writeAtomic, writePrivate } from "../../store/write";
import { configOfBuilt } from "../../engines/image-digests";
import { lockedName, type ResolvedBase } from "../../engines/pin-base";
import { writePins } from "../../store/pins";
import { withByHand } from "./by-hand";
import type { BuildCapture } from "./capture-build";
import { recordedOf } from "./hidden-inputs";
import { jobSettings } from "./job-settings";
import { relativePath } from "./outputs";
import { replacedInRuns } from "./replaced-in-run";
import { givenName } from "./run-build";
import { hashRecipe } from "../../recipe/dockerfile/read";
import type { Source } from "./source";

/** Everything that is known once the loose recipe is built and captured. */
export interface FreezeParts {
  plan: BuildPlan;
  paths: BuildPaths;
  timestamp: string;
  source: Source;
  key: string;
  bases: readonly ResolvedBase[];
  image: ImageFacts;
  reference: string;
  captured: BuildCapture;
  /** What apt did not report, by stage. */
  pastHook: ReadonlyMap<number, readonly PastHook[]>;
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
export async function freeze(parts: FreezeParts): Promise<FrozenBuild> {
  const { plan, paths, source, captured, bases, directory } = parts;
  const settings = jobSettings(plan, bases);
  const lock = makeLock({
    bases: bases.map(({ reference, image = reference, digest }) => ({ reference: image, digest })),
    packages: captured.packages,
    sources: captured.sources,
    notCaptured: captured.notCaptured,
    unpinned: findUnpinned(source.parsed, settings, {
      packages: captured.packages,
      pastHook: parts.pastHook,
      context: source.lockFiles,
      triggers: new Map(bases.map(({ reference, onbuild }) => [reference, onbuild ?? []])),
    }),
  });
  const ofNpm = source.entries.some(({ path }) =>
    /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(path),
  );
  const npmProjects = keptProjects(captured.npmProjects, ofNpm);
  const bytes = canonicalLock(lock);
  const hash = lockHash(bytes);
  // Without the log the pins are only tighter.
  const log = await readFile(paths.buildLog, "utf8").catch(() => "");
  const locked = lockedRecipe({
    parsed: source.parsed,
    settings,
    lock,
    npmProjects,
    replaced: replacedInRuns(log, source.parsed, givenName),
    bases: new Map(bases.map((base) => [base.reference, lockedName(base)])),
  });
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
