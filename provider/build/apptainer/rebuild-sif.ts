import { readFile, rm } from "node:fs/promises";
import { StoreError } from "../../base/errors/store-error";
import type { BuildPlan } from "../../inputs/image-inputs";
import { parseLock } from "../../packages/lock/parse";
import { hashRecipe } from "../../recipe/dockerfile/read";
import { clearMarks, writeMark } from "../../store/mark";
import type { BuildPaths } from "../../store/paths";
import { readPins } from "../../store/pins";
import type { BuildRecord } from "../../store/record";
import { hashOfFile } from "../../store/verification";
import { emptyLog } from "../../store/write";
import { compareRebuild } from "../roundtrip/compare-rebuild";
import { changedSince, changedWhileRebuilt } from "../roundtrip/context-change";
import { step } from "../roundtrip/effects";
import { ContextChangedError, ContextUnsteadyError } from "../roundtrip/errors";
import type { RebuildResult } from "../roundtrip/rebuild";
import { SifBaseError, sifBases } from "./bases";
import type { SifEffects } from "./effects";
import { buildAndCaptureSif } from "./run-sif";
import { parseWith } from "./source";

/**
 * Rebuilds a build from its locked definition to a throwaway image, compares, and writes the mark.
 *
 * @throws when nothing could be proven either way: no mark is written then, and the state is unknown
 */
export async function rebuildSifAndCompare(
  effects: SifEffects,
  plan: BuildPlan,
  record: BuildRecord,
  paths: BuildPaths,
): Promise<RebuildResult> {
  if (record.contextChanged !== undefined) throw new ContextUnsteadyError(record.contextChanged);
  if ((await hashOfFile(paths.lock)) !== record.lockHash) {
    throw new StoreError(`the lock ${paths.lock} is not the one that was written; build again`, paths.lock);
  }
  const lock = parseLock(await readFile(paths.lock, "utf8"));
  const context = await effects.reader.context(plan, effects.signal);
  if (context.contextHash !== record.contextHash) throw new ContextChangedError(plan.context);
  const text = await readFile(paths.lockedDefinition, "utf8");
  if (hashRecipe(text) !== record.lockedHash) {
    throw new StoreError(
      `the locked definition ${paths.lockedDefinition} is not the one that was written for the lock; build again`,
      paths.lockedDefinition,
    );
  }
  const pins = record.pinsHash === undefined ? [] : await readPins(paths.pins, record.pinsHash);
  const parsed = parseWith(plan, text);
  await assertBases(effects, plan, record, paths);
  await clearMarks(paths);
  await emptyLog(paths.verifyLog);
  const job = { plan, parsed, pins, logFile: paths.verifyLog };
  const rebuilt = await buildAndCaptureSif(effects, job, null, ["locked rebuild", "capture of the rebuild"]);
  const changed = await changedSince(effects, plan, context);
  if (changed !== null) throw new ContextUnsteadyError(changedWhileRebuilt(plan.context, changed));
  return await step(effects, plan.name, "compare", async () => {
    const logs = [paths.buildLog, paths.verifyLog];
    const { drift, summary, reason } = compareRebuild(lock, record, { ...rebuilt, freed: null }, logs);
    await writeMark(paths, reason === null ? "verified" : "unverified", {
      ...{ imageId: record.imageId, lockHash: record.lockHash, drift, reason, summary },
      at: effects.now().toISOString(),
    });
    await rm(paths.verifying, { force: true });
    return { identical: reason === null, drift, summary, reason };
  });
}

/** A base that is a file has no other name than its path, so it has to be the file that it was. */
async function assertBases(
  effects: SifEffects,
  plan: BuildPlan,
  record: BuildRecord,
  paths: BuildPaths,
): Promise<void> {
  const now = await sifBases(effects, plan, parseWith(plan, await readFile(paths.lockedDefinition, "utf8")));
  for (const { reference, digest } of now) {
    const then = record.bases.find((base) => base.reference === reference || base.pinned === reference);
    if (then === undefined || then.digest === digest) continue;
    throw new SifBaseError(
      `${reference}, on which the image was built, is ${digest} now and was ${then.digest}; a rebuild would prove nothing, so build again`,
    );
  }
}
