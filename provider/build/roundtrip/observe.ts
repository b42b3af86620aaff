import type { Engine, ImageFacts } from "../../engines/engine";
import { isVerifiedImagesError } from "../../base/errors/base";
import { pinBase } from "./bases";
import { sentence } from "./sentence";
import { buildPaths } from "../../store/paths";
import { readRecord, type BuildRecord } from "../../store/record";
import { hashOfFile, readVerification, type Verification } from "../../store/verification";

/** A recorded build looked up in the world: still so, different, or nobody can tell. */
export type Observation =
  | { answer: "so"; verification: Verification }
  /** `gone`: the image is surely not on the engine any more. */
  | { answer: "different"; words: string; gone: boolean }
  | { answer: "can't tell"; words: string };

/** What state or store say of a build. */
export interface RecordedBuild {
  name: string;
  timestamp: string;
  reference: string;
  imageId: string;
  lockHash: string;
}

/**
 * Looks whether a recorded build is still what it was: its image on the engine that built it, its lock in
 * the store. Another engine than the recorded one, no record, or no answer prove nothing.
 *
 * @param root absolute directory of the store
 */
export async function observeBuild(engine: Engine, root: string, build: RecordedBuild): Promise<Observation> {
  try {
    return await observe(engine, root, build);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { answer: "can't tell", words: sentence(error, process.cwd(), [root]) };
  }
}

async function observe(engine: Engine, root: string, build: RecordedBuild): Promise<Observation> {
  const { reference, imageId } = build;
  const paths = buildPaths(root, build.name, build.timestamp);
  const record = await readRecord(paths.record);
  if (record === null) {
    return {
      answer: "can't tell",
      words: `the store has no record of ${reference} (is this the store that it was built into?)`,
    };
  }
  const identity = await engine.identity();
  if (record.engine.id !== identity.id) {
    return {
      answer: "can't tell",
      words: `${reference} was built on another engine (${record.engine.id}, now ${identity.id})`,
    };
  }
  const found = await engine.inspect([reference, imageId, ...record.bases.map((base) => base.reference)]);
  const image = found.get(reference) ?? null;
  if ((found.get(imageId) ?? null) === null) {
    return {
      answer: "different",
      gone: true,
      words: `image gone: ${reference} (${imageId}) is no longer on the engine`,
    };
  }
  if (image === null) {
    return {
      answer: "different",
      gone: false,
      words: `name gone: ${imageId} is there, but no longer as ${reference}`,
    };
  }
  if (image.id !== imageId) {
    return {
      answer: "different",
      gone: false,
      words: `image replaced: ${reference} names ${image.id} now, not the ${imageId} that was built`,
    };
  }
  const lockHash = await hashOfFile(paths.lock);
  if (lockHash === null) {
    return { answer: "different", gone: false, words: `lock missing: the store has no lock of ${reference}` };
  }
  if (lockHash !== build.lockHash) {
    return {
      answer: "different",
      gone: false,
      words: `lock changed: the lock of ${reference} is ${lockHash} now, not the ${build.lockHash} that was written`,
    };
  }
  const moved = movedBases(record.bases, found);
  if (moved !== null) return { answer: "different", gone: false, words: moved };
  return { answer: "so", verification: await readVerification(paths, imageId) };
}

/**
 * Base images whose reference stands for another image now than the one that was built from; null when there are
 * none. Only what the engine has is looked at: a base that it has dropped, or that has moved in its registry only,
 * is no drift here.
 */
export function movedBases(
  bases: BuildRecord["bases"],
  found: ReadonlyMap<string, ImageFacts | null>,
): string | null {
  const moved = bases.flatMap(({ reference, digest }) => {
    const facts = found.get(reference) ?? null;
    const now = facts === null ? digest : pinBase(reference, facts).digest;
    return now === digest ? [] : [`${reference} is ${now} now, and was ${digest}`];
  });
  return moved.length === 0
    ? null
    : `base image moved: ${moved.join("; ")}: the image is due to be built again`;
}
