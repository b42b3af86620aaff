import { isVerifiedImagesError, type VerifiedImagesError } from "../base/errors/base";
import type { ImageId } from "../base/reference/types";
import { absenceDoubt } from "../engines/absence";
import type { ImageFacts, Images } from "../engines/engine";
import { pinBase } from "../engines/pin-base";
import { listNames } from "./builds";
import type { FoundBuild } from "./find-image";
import { buildPaths } from "./paths";
import { readRecord, type BuildRecord } from "./record";
import { hashOfFile, readVerification } from "./verification";
import type { Verification } from "./verified-state";

export interface Difference {
  what: "image gone" | "name gone" | "image replaced" | "lock missing" | "lock changed" | "base moved";
  words: string;
  /** What it is about: the image, or each base image that has moved. */
  of: [Changed, ...Changed[]];
}

/** An image's name, and an ID, a digest or a hash: the recorded one, and the present one if there is one. */
interface Changed {
  name: string;
  was: string;
  now: string | null;
}

/** What an inspection of a recorded build found: it is still so, it is different, or that can't be told. */
export type Inspection =
  | { answer: "so"; build: FoundBuild; verification: Verification }
  /** All differences, the most important first. */
  | {
      answer: "different";
      /** null: the store has no record of it any more. */
      build: FoundBuild | null;
      differences: [Difference, ...Difference[]];
      named: ImageId | null;
    }
  | { answer: "can't tell"; words: string; cause: VerifiedImagesError | null; engine: string | null };

export interface RecordedBuild {
  name: string;
  timestamp: string;
  /** A reference by which its image is known. */
  reference: string;
  imageId: ImageId;
  lockHash: string;
}

/** Whether the engine has to be the one that built the image. */
export type WhichEngine = "the one that built it" | "any";

/**
 * Looks whether a recorded build is still what it was: its image on the engine, its lock in the store. If the engine is
 * another one than recorded, or if the engine does not answer, that can't be told. Nothing is changed.
 *
 * @param root absolute directory of the store
 * @param which `any`: the engine may be another one, and base images are not looked at
 */
export async function inspectBuild(
  engine: Images,
  root: string,
  build: RecordedBuild,
  which: WhichEngine = "the one that built it",
): Promise<Inspection> {
  try {
    return await inspect(engine, root, build, which);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { answer: "can't tell", words: error.message, cause: error, engine: null };
  }
}

async function inspect(
  engine: Images,
  root: string,
  build: RecordedBuild,
  which: WhichEngine,
): Promise<Inspection> {
  const { reference, imageId } = build;
  const paths = buildPaths(root, build.name, build.timestamp);
  const record = await readRecord(paths.record);
  const unsure = { answer: "can't tell", cause: null } as const;
  if (record === null) return await inspectUnrecorded(engine, root, build);
  const bases = which === "any" ? [] : record.bases;
  const now = which === "any" ? record.engine : await engine.identity();
  if (now.id !== record.engine.id) {
    const words = `${reference} was built on another engine (${record.engine.id}, now ${now.id})`;
    return { ...unsure, words, engine: now.id };
  }
  const found = await engine.inspect([reference, imageId, ...bases.map((base) => base.reference)]);
  const named = found.get(reference)?.id ?? null;
  const isThere = (found.get(imageId) ?? null) !== null;
  const doubt = isThere ? null : absenceDoubt(record.engine, now);
  if (doubt !== null) {
    const words = `${reference} is not on this engine, which ${doubt.which}. ${doubt.todo}`;
    return { ...unsure, words, engine: null };
  }
  const [first, ...others] = [
    ...differenceOfImage(build, named, isThere),
    ...differenceOfLock(build, await hashOfFile(paths.lock)),
    ...movedBases(bases, found),
  ];
  const facts = { paths, record };
  return first === undefined
    ? { answer: "so", build: facts, verification: await readVerification(paths, imageId) }
    : { answer: "different", build: facts, differences: [first, ...others], named };
}

/** Without its record a build is surely not as it was where its image or its lock is missing as well. */
async function inspectUnrecorded(engine: Images, root: string, build: RecordedBuild): Promise<Inspection> {
  const { reference, imageId } = build;
  const words = `the store has no record of ${reference} (is this the store that it was built into?)`;
  const unsure: Inspection = { answer: "can't tell", words, cause: null, engine: null };
  if (!(await listNames(root)).includes(build.name)) return unsure;
  const found = await engine.inspect([reference, imageId]);
  const named = found.get(reference)?.id ?? null;
  const lock = await hashOfFile(buildPaths(root, build.name, build.timestamp).lock);
  const [first, ...others] = [
    ...differenceOfImage(build, named, (found.get(imageId) ?? null) !== null),
    ...differenceOfLock(build, lock),
  ];
  return first === undefined
    ? unsure
    : { answer: "different", build: null, differences: [first, ...others], named };
}

function differenceOfImage(
  { reference, imageId }: RecordedBuild,
  named: ImageId | null,
  isThere: boolean,
): Difference[] {
  const of: Difference["of"] = [{ name: reference, was: imageId, now: named }];
  if (!isThere) {
    const words = `image gone: ${reference} (${imageId}) is no longer on the engine`;
    return [{ what: "image gone", words, of }];
  }
  if (named === null) {
    const words = `name gone: ${imageId} is there, but no longer as ${reference}`;
    return [{ what: "name gone", words, of }];
  }
  if (named === imageId) return [];
  const words = `image replaced: ${reference} names ${named} now, not the ${imageId} that was built`;
  return [{ what: "image replaced", words, of }];
}

function differenceOfLock({ reference, lockHash }: RecordedBuild, now: string | null): Difference[] {
  const of: Difference["of"] = [{ name: reference, was: lockHash, now }];
  if (now === null) {
    return [{ what: "lock missing", words: `lock missing: the store has no lock of ${reference}`, of }];
  }
  if (now === lockHash) return [];
  const words = `lock changed: the lock of ${reference} is ${now} now, not the ${lockHash} that was written`;
  return [{ what: "lock changed", words, of }];
}

/**
 * Base images whose reference now stands for another image than the one that was used. Only images on the engine are
 * looked at. A base that was removed from the engine, or that has moved only in its registry, does not count.
 */
export function movedBases(
  bases: BuildRecord["bases"],
  found: ReadonlyMap<string, ImageFacts | null>,
): Difference[] {
  const [first, ...others] = bases.flatMap(({ reference, digest }): Changed[] => {
    const facts = found.get(reference) ?? null;
    const now = facts === null ? digest : pinBase(reference, facts).digest;
    return now === digest ? [] : [{ name: reference, was: digest, now }];
  });
  if (first === undefined) return [];
  const of: Difference["of"] = [first, ...others];
  const moved = of.map(({ name, was, now }) => `${name} is ${now} now, and was ${was}`);
  const words = `base image moved: ${moved.join("; ")}: the image is due to be built again`;
  return [{ what: "base moved", words, of }];
}
