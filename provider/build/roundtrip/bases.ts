import { randomBytes } from "node:crypto";
import type { Engine } from "../../engines/engine";
import { lockedName, pinBase, type ResolvedBase } from "../../engines/pin-base";
import { BASE, makerMark } from "../../base/process/leftovers";
import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import type { BuildPlan } from "../../inputs/image-inputs";
import { contextImages } from "../../inputs/named-contexts";
import { externalImages } from "../../recipe/dockerfile/bases";
import { lockedBases } from "../lock/locked-bases";
import type { Lock } from "../../packages/lock/types";
import { jobSettings } from "./job-settings";
import type { Source } from "./source";

/** A base image is not on the engine and can't be pulled. */
export class BaseImageError extends VerifiedImagesError {
  constructor(reference: string, detail: string) {
    super(
      "base-image",
      `the base image ${reference} is neither on the engine nor could it be pulled (${detail}); ` +
        "check its name, or load it into the engine",
    );
  }
}

/**
 * Resolves every base image to a digest or an image ID. Those that the engine lacks are pulled.
 *
 * @param plan its `contexts` can put another image in the place of a reference
 * @throws {BaseImageError} naming the image that can't be pulled
 */
export async function resolveBases(
  engine: Engine,
  references: readonly string[],
  { platform, contexts }: Pick<BuildPlan, "platform" | "contexts">,
  signal?: AbortSignal,
): Promise<ResolvedBase[]> {
  const given = contextImages(contexts);
  const named = references.map((reference) => ({ reference, image: given.get(reference) ?? reference }));
  const found = await engine.inspect(named.map(({ image }) => image));
  const bases: ResolvedBase[] = [];
  for (const { reference, image } of named) {
    let facts = found.get(image) ?? null;
    if (facts === null) {
      try {
        await engine.pull(image, platform, signal);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        throw new BaseImageError(image, messageOf(error));
      }
      facts = (await engine.inspect([image])).get(image) ?? null;
    }
    if (facts === null) throw new BaseImageError(image, "it vanished after the pull");
    const base = pinBase(image, facts);
    bases.push(reference === image ? base : { ...base, reference, image });
  }
  return bases;
}

/**
 * Resolves the base images of a recipe, also those of stages that only an ONBUILD instruction of another base uses.
 *
 * @param lock those that it names are at its digests
 */
export async function allBases(
  engine: Engine,
  plan: BuildPlan,
  { parsed, references }: Pick<Source, "parsed" | "references">,
  signal?: AbortSignal,
  lock: Lock | null = null,
): Promise<ResolvedBase[]> {
  const bases: ResolvedBase[] = [];
  let missing: readonly string[] = references;
  while (missing.length > 0) {
    if (lock !== null) bases.push(...(await lockedBases(engine, missing, plan, lock, signal)));
    const free = missing.filter((one) => !bases.some(({ reference }) => reference === one));
    if (free.length > 0) bases.push(...(await resolveBases(engine, free, plan, signal)));
    const known = new Set(bases.map(({ reference }) => reference));
    missing = externalImages(parsed, jobSettings(plan, bases))
      .map(({ reference }) => reference)
      .filter((reference) => !known.has(reference));
  }
  return bases;
}

/** The names that one build uses for its bases. `release` removes those that were made for this build only. */
export interface HeldBases {
  /** Base reference (loose or pinned) -> the name in this build's FROM. */
  names: Map<string, string>;
  release(): Promise<void>;
}

/**
 * Gives every base without a digest a tag of its own for the time of one build, and checks that the tag points at the image
 * that was resolved. So nobody can move a base during the build.
 */
export async function holdBases(engine: Engine, bases: readonly ResolvedBase[]): Promise<HeldBases> {
  const names = new Map<string, string>();
  const temporary: string[] = [];
  const release = async (): Promise<void> => {
    for (const name of temporary.splice(0)) await engine.untag(name);
  };
  try {
    for (const base of bases) {
      let name = base.pinned;
      if (base.pinned.startsWith(`${BASE}:`)) {
        name = `${base.pinned}.${makerMark()}.${randomBytes(4).toString("hex")}`;
        temporary.push(name);
        await engine.tag(base.imageId, name);
        const there = (await engine.inspect([name])).get(name);
        if (there?.id !== base.imageId)
          throw new BaseImageError(base.reference, "its tag was moved meanwhile");
      }
      names.set(base.reference, name);
      names.set(base.pinned, name);
      names.set(lockedName(base), name);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { names, release };
}
