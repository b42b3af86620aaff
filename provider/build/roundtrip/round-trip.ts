import type { BuildPlan } from "../../inputs/image-inputs";
import type { Recipe } from "../../recipe/dockerfile/read";
import { thenCleanUp } from "../../base/process/clean-up";
import { sweepTemporary } from "../../base/process/temporary";
import { buildPaths } from "../../store/paths";
import { claimTimestamp } from "../../store/timestamp";
import { noDrift, readVerification } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import { writePrivate } from "../../store/write";
import { runsAnything } from "../../recipe/dockerfile/stages";
import { unheededPolicy } from "../../engines/frontend";
import type { ResolvedBase } from "../../engines/pin-base";
import { allBases } from "./bases";
import { builtImage, captureBuild } from "./capture-build";
import { step, type Effects } from "./effects";
import { findPastHook } from "./find-past-hook";
import { freeze } from "./freeze";
import { keepAndPrune } from "./housekeeping";
import { buildKey } from "./key";
import { changedSince, changedWhileBuilt } from "./context-change";
import { explainBuild } from "./explain-build";
import { explainOldFrontend } from "./old-frontend";
import { sentence } from "./sentence";
import { secretLabelsWarning } from "./hidden-inputs";
import { makeOutputs, relativePath } from "./outputs";
import type { ImageOutputs } from "./image-outputs";
import { rebuildAndCompare } from "./rebuild";
import { reusableBuild, type CurrentBuild } from "./reuse";
import { openBuild, type BuildJob } from "./run-build";
import type { Seat } from "./seat";
import { perhapsWarning } from "./unpinned-words";
import { verifyInBackground } from "./verify-in-background";
import { readSource, type Source } from "./source";
import { clearUnfinished, whileClaimed } from "./unfinished";
import { whileLeased } from "./while-leased";

/** What a round trip leads to. */
export interface RoundTrip {
  outputs: ImageOutputs;
  /** Why it is not known which files are in the image; null: it is known. */
  doubt: string | null;
}

/**
 * The round trip: build the loose recipe, write a lock of what it installed, rebuild from the lock, compare. The build is
 * skipped when nothing has changed that it can see, and the rebuild is skipped when its verdict is on record.
 *
 * The lease on the artifact is kept from the first look at the store to the end. A seat among the builds that may run at
 * once is taken only when there is something to build.
 *
 * @param directory the directory that paths in the outputs are relative to
 * @param options anew: rebuild and compare even if a verdict is on record; recipe: the recipe, if it was just read
 */
export async function roundTrip(
  effects: Effects,
  plan: BuildPlan,
  directory: string,
  { anew = false, recipe = null }: { anew?: boolean; recipe?: Recipe | null } = {},
): Promise<RoundTrip> {
  const source = await readSource(effects, plan, recipe);
  return await whileLeased(effects, plan, async (held, seat, stale) => {
    await held.engine.sweep();
    await sweepTemporary();
    await clearUnfinished(held, plan);
    const fresh = (): Promise<Source> => readSource(held, plan);
    let found = await look(held, plan, stale ? await fresh() : source);
    // After a wait, look again: files may have changed, and another stack may have built this very image.
    if (found.current === null && (await seat.take())) found = await look(held, plan, await fresh());
    const current = found.current ?? (await buildAndFreeze(held, plan, found, directory));
    await keepAndPrune(held, plan, current);
    // A build that was made just now has been asked about.
    const moved = found.current === null ? null : ((await held.moved?.()) ?? null);
    const verification = await verdictOn(held, plan, current, directory, seat, anew);
    const outputs = makeOutputs(current.record, current.lock, verification, current.paths, directory);
    return { outputs, doubt: current.record.contextChanged ?? moved };
  });
}

/** What there is to build from, and the build that was already made from exactly that; `current` null: there is none. */
interface Found {
  source: Source;
  bases: ResolvedBase[];
  key: string;
  current: CurrentBuild | null;
}

async function look({ engine, signal }: Effects, plan: BuildPlan, source: Source): Promise<Found> {
  const bases = await allBases(engine, plan, source, signal);
  const key = buildKey(plan, source, bases);
  return { source, bases, key, current: await reusableBuild(engine, plan.root, plan.name, key) };
}

async function buildAndFreeze(
  effects: Effects,
  plan: BuildPlan,
  { source, bases, key }: Found,
  directory: string,
): Promise<CurrentBuild> {
  const { engine } = effects;
  const identity = await engine.identity();
  const timestamp = await claimTimestamp(plan.root, plan.name, effects.now());
  const paths = buildPaths(plan.root, plan.name, timestamp);
  const reference = `${plan.name}:${timestamp}`;
  const job: BuildJob = {
    plan,
    recipe: source.parsed,
    pins: [],
    ignore: source.ignore,
    policy: source.policy,
    bases,
    logFile: paths.buildLog,
  };
  return await whileClaimed(engine, identity.id, reference, paths, async () => {
    const labels = secretLabelsWarning(plan);
    if (labels !== null) effects.warn(labels);
    if (source.policy !== null) {
      const policy = `${source.policy.recipe}.rego`;
      const unheeded = unheededPolicy(policy, await engine.builder());
      if (unheeded !== null) effects.warn(unheeded);
    }
    await writePrivate(paths.rough, source.text);
    const open = await openBuild(effects, job);
    const work = async (): Promise<CurrentBuild> => {
      const image = await step(effects, plan.name, "build", () =>
        open.buildKept(reference).catch(async (error: unknown) => {
          throw await explainBuild(explainOldFrontend(error, source.parsed), source.parsed, plan.secrets);
        }),
      );
      const captured = await step(effects, plan.name, "capture", async () =>
        captureBuild(effects, job, open, await builtImage(effects, image)),
      );
      const changed = await changedSince(effects, plan, source);
      const moved = (await effects.moved?.()) ?? null;
      const context = relativePath(directory, plan.context);
      const doubt = moved ?? (changed === null ? null : changedWhileBuilt(context, changed));
      const { driver, buildkit } = await engine.builder();
      const frozen = await step(effects, plan.name, "lock", async () =>
        freeze({
          pastHook: source.parsed.stages.some(runsAnything)
            ? await findPastHook(effects, bases, captured.stages)
            : new Map(),
          plan,
          paths,
          timestamp,
          source,
          key,
          bases,
          image,
          reference,
          captured,
          doubt,
          identity: { ...identity, driver, buildkit },
          directory,
        }),
      );
      const perhaps = perhapsWarning(frozen.lock.unpinned);
      if (perhaps !== null) effects.warn(perhaps);
      return { paths, ...frozen };
    };
    return await thenCleanUp(work, () => open.close());
  });
}

/** The verdict on a build: from the record, or from a rebuild, now or in the background. After an error it is unknown. */
async function verdictOn(
  effects: Effects,
  plan: BuildPlan,
  build: CurrentBuild,
  directory: string,
  seat: Seat,
  anew: boolean,
): Promise<Verification> {
  const known = await readVerification(build.paths, build.record.imageId);
  const { contextChanged } = build.record;
  if (contextChanged !== undefined) return { state: "unknown", drift: noDrift(), reason: contextChanged };
  if (known.state !== "unknown" && !(anew && plan.verify !== "skip")) return known;
  if (plan.verify === "skip") return { ...known, reason: "the rebuild was skipped (verify: skip)" };
  if (plan.verify === "background") return await verifyInBackground(effects, plan, build, directory);
  await seat.take();
  try {
    await rebuildAndCompare(effects, plan, build.record, build.paths);
  } catch (error) {
    if (effects.signal?.aborted === true) throw error;
    const words = sentence(error, directory, [plan.root, plan.context]);
    return { state: "unknown", drift: noDrift(), reason: `the rebuild proved nothing: ${words}` };
  }
  return await readVerification(build.paths, build.record.imageId);
}
