import { readFile, rm } from "node:fs/promises";
import { BuildFailedError } from "../../engines/errors";
import { thenCleanUp } from "../../base/process/clean-up";
import { throwawayReference } from "../../base/process/leftovers";
import type { BuildPlan } from "../../inputs/image-inputs";
import { parseLock } from "../../packages/lock/parse";
import type { Drift, Lock } from "../../packages/lock/types";
import { clearMarks, writeMark } from "../../store/mark";
import type { BuildPaths } from "../../store/paths";
import type { BuildRecord } from "../../store/record";
import { inspectBuild } from "../../store/inspect-build";
import { noDrift } from "../../store/verification";
import { StoreError } from "../../base/errors/store-error";
import {
  readsMore,
  buildAndCapture,
  builtImage,
  captureBuild,
  type Built,
  type BuildCapture,
} from "./capture-build";
import { compareRebuild, type Rebuilt } from "./compare-rebuild";
import { step, type Effects } from "./effects";
import { changedSince, changedWhileRebuilt } from "./context-change";
import { explainRebuild } from "./explain-rebuild";
import { openBuild, type BuildJob, type OpenBuild } from "./run-build";
import { ContextUnsteadyError, ContextChangedError, OtherEngineError } from "./errors";
import { unorderedWords } from "./unordered-words";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import { hashRecipe } from "../../recipe/dockerfile/read";
import { everyFolderHas } from "../../recipe/pins/pin-files";
import { APT_CONFIGURATION } from "../../recipe/pins/pinned-stage";
import { readPins } from "../../store/pins";
import { emptyLog } from "../../store/write";

/** The result of a rebuild that was compared. */
export interface RebuildResult {
  identical: boolean;
  drift: Drift;
  /** One line for people. */
  summary: string;
  /** A sentence that says why it is not identical; null when it is. */
  reason: string | null;
}

/**
 * Rebuilds a build from its locked recipe to a throwaway image, compares, and writes the mark.
 *
 * @throws when nothing could be proven either way: no mark is written then, and the state is unknown
 */
export async function rebuildAndCompare(
  effects: Effects,
  plan: BuildPlan,
  record: BuildRecord,
  paths: BuildPaths,
): Promise<RebuildResult> {
  if (record.contextChanged !== undefined) throw new ContextUnsteadyError(record.contextChanged);
  await assertRebuildable(effects, plan, record, paths);
  const lock = parseLock(await readFile(paths.lock, "utf8"));
  const context = await effects.reader.context(plan, effects.signal);
  if (context.contextHash !== record.contextHash) {
    throw new ContextChangedError(plan.context);
  }
  const recipe = await readFile(paths.locked, "utf8");
  if (hashRecipe(recipe) !== record.lockedHash) {
    throw new StoreError(
      `the locked recipe ${paths.locked} is not the one that was written for the lock; build again`,
      paths.locked,
    );
  }
  const { pinsHash } = record;
  const pins = pinsHash === undefined ? [] : await readPins(paths.pins, pinsHash);
  // Earlier versions had the pins in a stage, or only files of the tools that were pinned.
  if (recipe.includes(" AS verified-images-pins\n") || !everyFolderHas(pins, APT_CONFIGURATION)) {
    throw new StoreError(
      `the locked recipe ${paths.locked} is of an older version of this package; build again`,
      paths.locked,
    );
  }
  const job: BuildJob = {
    plan,
    recipe: parseDockerfile(recipe),
    pins,
    ignore: context.ignore,
    policy: context.policy,
    bases: record.bases,
    logFile: paths.verifyLog,
    shared: plan.lock !== null,
  };
  await clearMarks(paths);
  // The log decides what a failure means, so it must hold nothing of an earlier attempt.
  await emptyLog(paths.verifyLog);
  const outcome = await rebuild(effects, job, lock, paths);
  const finish = async (drift: Drift, summary: string, reason: string | null): Promise<RebuildResult> => {
    const identical = reason === null;
    await writeMark(paths, identical ? "verified" : "unverified", {
      imageId: record.imageId,
      lockHash: record.lockHash,
      drift,
      reason,
      summary,
      at: effects.now().toISOString(),
    });
    // A background process that waits to verify this build sees from this that it is done.
    await rm(paths.verifying, { force: true });
    return { identical, drift, summary, reason };
  };
  const changed = await changedSince(effects, plan, context);
  if (changed !== null) throw new ContextUnsteadyError(changedWhileRebuilt(plan.context, changed));
  if ("reason" in outcome) {
    const reason = outcome.reason + unorderedWords(record.unordered ?? []);
    return await finish(noDrift(), reason, reason);
  }
  return await step(effects, plan.name, "compare", async () => {
    const logs = [paths.buildLog, paths.verifyLog];
    const { drift, summary, reason } = compareRebuild(lock, record, outcome, logs);
    return await finish(drift, summary, reason);
  });
}

/** Refuses a rebuild on another engine or with a changed lock, because it would prove nothing. The image may be gone. */
async function assertRebuildable(
  { engine }: Effects,
  { root }: BuildPlan,
  record: BuildRecord,
  { lock }: BuildPaths,
): Promise<void> {
  const found = await inspectBuild(engine, root, record);
  if (found.answer === "can't tell") {
    if (found.engine !== null) throw new OtherEngineError(record.reference, record.engine.id, found.engine);
    throw found.cause ?? new StoreError(found.words, root);
  }
  if (found.answer === "so") return;
  const changed = found.differences.find(({ what }) => what === "lock changed");
  if (changed !== undefined) {
    throw new StoreError(`${changed.words}; build again`, lock);
  }
}

/** The packages of the rebuild; or, if the rebuild failed and the recipe is to blame, the reason. */
async function rebuild(
  effects: Effects,
  job: BuildJob,
  lock: Lock,
  paths: BuildPaths,
): Promise<Rebuilt | { reason: string }> {
  const { name } = job.plan;
  const tag = throwawayReference(`${name}-rebuild`);
  const prepared = await openBuild(effects, job);
  /** Whether an image may have been made, and has to be removed. */
  let makesImage = false;
  const open: OpenBuild = {
    ...prepared,
    build(...asked) {
      makesImage = true;
      return prepared.build(...asked);
    },
  };
  const work = async (): Promise<Rebuilt | { reason: string }> => {
    const capture = (of: OpenBuild, built: Built): Promise<BuildCapture> => {
      const work = (): Promise<BuildCapture> => captureBuild(effects, job, of, built);
      return readsMore(job) ? step(effects, name, "capture of the rebuild", work) : work();
    };
    try {
      const built = await step(effects, name, "locked rebuild", () =>
        buildAndCapture(effects, job, open, { tag, stage: null, cache: false }),
      );
      return { ...(await capture(open, built)), freed: null };
    } catch (error) {
      if (!(error instanceof BuildFailedError)) throw error;
      const why = await explainRebuild(effects, job, open, { error, lock, paths, tag });
      if (typeof why === "string") return { reason: why };
      return { ...(await capture(why.open, await builtImage(effects, why.image))), freed: why };
    }
  };
  const cleanUp = (): Promise<unknown> =>
    thenCleanUp(
      () => open.close(),
      async () => (makesImage ? await effects.engine.remove(tag) : undefined),
    );
  return await thenCleanUp(work, cleanUp);
}
