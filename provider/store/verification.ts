import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { isEmptyDrift } from "../packages/compare/summary";
import type { Drift } from "../packages/lock/types";
import { StoreError } from "../base/errors/store-error";
import { readMark, UnintelligibleMarkError, type FoundMark } from "./mark";
import { openPlain } from "./read-plain";
import { readRecord, type BuildRecord } from "./record";
import type { BuildPaths } from "./paths";
import type { Verification } from "./verified-state";
import { backgroundReason, readBackground } from "./verifying";

export function noDrift(): Drift {
  return { changed: [], added: [], removed: [] };
}

/**
 * The hash of a file of any size: `sha256:` and hex digits. Null when there is no such file.
 *
 * @throws {StoreError} when the file can't be read
 */
export async function hashOfFile(file: string): Promise<string | null> {
  const handle = await openPlain(file, "the file");
  if (handle === null) return null;
  try {
    const hash = createHash("sha256");
    await pipeline(handle.createReadStream(), hash);
    return `sha256:${hash.digest("hex")}`;
  } catch (error) {
    throw new StoreError(`${file} can't be read`, file, { cause: error });
  }
}

/**
 * Judges a mark. It counts only for the image and the lock that it was written for.
 *
 * @param lockHash hash of the lock file as it is now; null when it is missing
 */
export function judgeMark(found: FoundMark | null, imageId: string, lockHash: string | null): Verification {
  const unknown = (reason: string): Verification => ({ state: "unknown", drift: noDrift(), reason });
  if (found === null) return unknown("the build has not been verified yet: the store has no mark for it");
  if (lockHash === null) return unknown("the lock file is missing from the store");
  const { mark } = found;
  if (mark.lockHash !== lockHash) {
    return unknown(
      `the lock file has changed since the mark was written (${mark.lockHash} then, ${lockHash} now)`,
    );
  }
  if (mark.imageId !== imageId) {
    return unknown(`the mark is about another image (${mark.imageId}, not ${imageId})`);
  }
  // A mark that gives a reason or a drift means unverified, also in a file that is called verified.
  const verified = found.state === "verified" && mark.reason === null && isEmptyDrift(mark.drift);
  const from = mark.fromCache === undefined ? {} : { fromCache: mark.fromCache };
  if (verified)
    return { state: "verified", drift: noDrift(), reason: null, proof: mark.proof ?? "round trip", ...from };
  return { state: "unverified", drift: mark.drift, reason: mark.reason ?? mark.summary, ...from };
}

/** Why a record speaks against what the store has of its build; null: it does not, or there is none. */
function recordDoubt(record: BuildRecord | null, imageId: string, lockHash: string | null): string | null {
  if (record === null || lockHash === null) return null;
  if (record.imageId !== imageId)
    return `the record is about another image (${record.imageId}, not ${imageId})`;
  if (record.lockHash === lockHash) return null;
  return `the lock file is not the one that the build has written (${record.lockHash} then, ${lockHash} now)`;
}

/**
 * Reads what the store says about one build. A mark counts only where the build's record names the same image and the same
 * lock. If the mark can't be understood, the answer is `unknown`.
 */
export async function readVerification(paths: BuildPaths, imageId: string): Promise<Verification> {
  const lockHash = await hashOfFile(paths.lock);
  try {
    const found = await readMark(paths);
    const judged = judgeMark(found, imageId, lockHash);
    const record = await readRecord(paths.record);
    if (record?.contextChanged !== undefined && record.imageId === imageId)
      return { state: "unknown", drift: noDrift(), reason: record.contextChanged };
    const doubt = recordDoubt(record, imageId, lockHash);
    if (judged.state !== "unknown" && doubt !== null) {
      return { state: "unknown", drift: noDrift(), reason: doubt };
    }
    const background = found === null && lockHash !== null ? await readBackground(paths) : null;
    return background === null ? judged : { ...judged, reason: backgroundReason(background), background };
  } catch (error) {
    if (!(error instanceof UnintelligibleMarkError)) throw error;
    return { state: "unknown", drift: noDrift(), reason: error.message };
  }
}
