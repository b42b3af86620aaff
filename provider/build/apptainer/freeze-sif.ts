import { relative, sep } from "node:path";
import type { EngineIdentity } from "../../engines/engine";
import { parseImageId } from "../../base/reference/digest";
import { StoreError } from "../../base/errors/store-error";
import { canonicalLock, lockHash } from "../../packages/lock/canonical";
import { makeLock } from "../../packages/lock/make";
import { hashRecipe } from "../../recipe/dockerfile/read";
import { lockedDefinition, GIVEN } from "../../recipe/definition/locked";
import { findUnpinnedInDefinition } from "../../recipe/definition/unpinned";
import { pinsHash } from "../../recipe/pins/pin-files";
import type { BuildPlan } from "../../inputs/image-inputs";
import { nextSequence } from "../../store/build-order";
import type { BuildPaths } from "../../store/paths";
import { writePins } from "../../store/pins";
import { writeRecord, type BuildRecord } from "../../store/record";
import { hashOfFile } from "../../store/verification";
import { pointAtomic, writeAtomic, writePrivate } from "../../store/write";
import type { BuildCapture } from "../roundtrip/capture-build";
import type { FrozenBuild } from "../roundtrip/freeze";
import { recordedOf } from "../roundtrip/hidden-inputs";
import { relativePath } from "../roundtrip/outputs";
import type { SifBase } from "./bases";
import type { SifSource } from "./source";

/** Everything that is known once a loose definition is built and captured. */
export interface SifParts {
  plan: BuildPlan;
  paths: BuildPaths;
  timestamp: string;
  source: SifSource;
  key: string;
  bases: readonly SifBase[];
  captured: BuildCapture;
  /** Why it is not known which files are in the image, in a sentence; null: it is known. */
  doubt: string | null;
  identity: EngineIdentity;
  /** The directory that paths in the record are relative to. */
  directory: string;
}

/** The lines at the top of a locked definition that say how to build it without this package. */
function byHand({ plan, paths }: SifParts, hasPins: boolean): string[] {
  const context = relative(paths.directory, plan.context).split(sep).join("/") || ".";
  const here = relative(plan.context, paths.directory).split(sep).join("/") || ".";
  const pins = `mkdir -p ${GIVEN} && cp -R ${here}/${paths.stem}.pins ${GIVEN}/pins && `;
  return [
    "To build this with the packages of its lock, run in this folder:",
    `(cd '${context}' && ${hasPins ? pins : ""}apptainer build by-hand.sif ${here}/${paths.stem}.def)`,
  ];
}

/**
 * Writes a build into the store: lock, locked definition, record, and last the link `latest`, which makes it the artifact's
 * current build.
 */
export async function freezeSif(parts: SifParts): Promise<FrozenBuild> {
  const { plan, paths, source, captured, bases, directory, doubt } = parts;
  const image = await hashOfFile(paths.sif);
  if (image === null) throw new StoreError(`the image ${paths.sif} is gone; build again`, paths.sif);
  const lock = makeLock({
    bases: bases.map(({ reference, digest }) => ({ reference, digest })),
    packages: captured.packages,
    sources: captured.sources,
    notCaptured: captured.notCaptured,
    unpinned: findUnpinnedInDefinition(source.parsed, captured.packages),
  });
  const bytes = canonicalLock(lock);
  const pinned = new Map(bases.map((base) => [base.stage, base.pinned]));
  const plain = lockedDefinition(source.parsed, lock, pinned, []);
  const locked = lockedDefinition(source.parsed, lock, pinned, byHand(parts, plain.pins.length > 0));
  const at = (path: string): string => relativePath(directory, path);
  const steady = (hash: string): string => (doubt === null ? hash : hashRecipe(`${hash} ${parts.timestamp}`));
  const record: BuildRecord = {
    ...recordedOf(plan),
    schema: 2,
    timestamp: parts.timestamp,
    sequence: await nextSequence(plan.root, plan.name),
    key: steady(parts.key),
    imageId: parseImageId(image),
    reference: `${plan.name}:${parts.timestamp}`,
    recipe: at(plan.recipe),
    context: at(plan.context),
    contexts: {},
    recipeHash: source.recipeHash,
    contextHash: steady(source.contextHash),
    ...(doubt === null ? {} : { contextChanged: doubt }),
    lockHash: lockHash(bytes),
    lockedHash: hashRecipe(locked.text),
    ...(locked.pins.length === 0 ? {} : { pinsHash: pinsHash(locked.pins) }),
    bases: bases.map(({ reference, digest, imageId, pinned }) => ({ reference, digest, imageId, pinned })),
    npmProjects: [],
    incompleteTransients: captured.incomplete,
    engine: { kind: "apptainer", ...parts.identity },
  };
  await writeAtomic(paths.lock, bytes);
  if (locked.pins.length > 0) await writePins(paths.pins, locked.pins);
  await writePrivate(paths.lockedDefinition, locked.text);
  await writeRecord(paths.record, record);
  await pointAtomic(paths.latest, paths.sif);
  return { lock, record };
}
