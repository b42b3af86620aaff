import { readFile } from "node:fs/promises";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { Recipe } from "../../recipe/dockerfile/read";
import { thenCleanUp } from "../../base/process/clean-up";
import { sweepTemporary } from "../../base/process/temporary";
import { noDrift, readVerification } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import { runsAnything } from "../../recipe/dockerfile/stages";
import type { PastHook } from "../../recipe/apt-records/past-hook";
import type { ResolvedBase } from "../../engines/pin-base";
import { committedLock, type Committed } from "../lock/committed";
import { lockedBuild } from "../lock/locked-build";
import { freeFrom, renewed, type Renewal } from "../lock/renewal";
import { writeCommittedLock } from "../lock/write-lock";
import { allBases } from "./bases";
import { builtImage, captureBuild } from "./capture-build";
import { step, type Effects } from "./effects";
import { findPastHook } from "./find-past-hook";
import { freeze } from "./freeze";
import { lockOf } from "./lock-of";
import { keepAndPrune } from "./housekeeping";
import { buildKey } from "./key";
import { builtBy, doubtOf, newBuild } from "./new-build";
import { explainBuild } from "./explain-build";
import { explainOldFrontend } from "./old-frontend";
import { sentence } from "./sentence";
import { makeOutputs, relativePath } from "./outputs";
import type { ImageOutputs } from "./image-outputs";
import { rebuildAndCompare } from "./rebuild";
import { reusableBuild, type CurrentBuild } from "./reuse";
import { openBuild, type BuildJob } from "./run-build";
import type { Seat } from "./seat";
import { perhapsWarning } from "./unpinned-words";
import { verifyInBackground } from "./verify-in-background";
import { readSource, type Source } from "./source";
import { clearUnfinished } from "./unfinished";
import { whileLeased } from "./while-leased";

/** What a round trip leads to. */
export interface RoundTrip {
  outputs: ImageOutputs;
  /** Why it is not known which files are in the image; null: it is known. */
  doubt: string | null;
  /** How much of a build from a committed lock came from the cache, in words; null: it is not known. */
  fromCache: string | null;
}

export interface RoundTripOptions {
  /** Rebuild and compare even if a verdict is on record. Default: false. */
  anew?: boolean;
  /** The recipe, if it was just read. */
  recipe?: Recipe | null;
  /** Which packages of the committed lock may move. Default: only those that the recipe makes move. */
  renew?: Renewal | null;
}

/**
 * The round trip: build the loose recipe, write a lock of what it installed, rebuild from the lock, compare. The build is
 * skipped when nothing has changed that it can see, and the rebuild is skipped when its verdict is on record.
 *
 * The lease on the artifact is kept from the first look at the store to the end. A seat among the builds that may run at
 * once is taken only when there is something to build. With a committed lock that fits, one build from it takes the place of both.
 */
export async function roundTrip(
  effects: Effects,
  plan: BuildPlan,
  directory: string,
  { anew = false, recipe = null, renew = null }: RoundTripOptions = {},
): Promise<RoundTrip> {
  const source = await readSource(effects, plan, recipe);
  return await whileLeased(effects, plan, async (held, seat, stale) => {
    await held.engine.sweep();
    await sweepTemporary();
    await clearUnfinished(held, plan);
    const fresh = (): Promise<Source> => readSource(held, plan);
    let found = await look(held, plan, stale ? await fresh() : source, renew);
    // After a wait, look again: files may have changed, and another stack may have built this very image.
    if (found.current === null && (await seat.take())) found = await look(held, plan, await fresh(), renew);
    const current = found.current ?? (await build(held, plan, found, directory, renew));
    await keepAndPrune(held, plan, current);
    // A build that was made just now has been asked about.
    const moved = found.current === null ? null : ((await held.moved?.()) ?? null);
    const verification = await verdictOn(held, plan, current, directory, seat, anew);
    await commit(held, plan, found, current, verification, directory);
    const outputs = makeOutputs(current.record, current.lock, verification, current.paths, directory);
    const doubt = current.record.contextChanged ?? moved;
    return { outputs, doubt, fromCache: verification.fromCache ?? null };
  });
}

/** What there is to build from, and the build that was already made from exactly that; `current` null: there is none. */
interface Found extends Committed {
  source: Source;
  bases: ResolvedBase[];
  key: string;
  current: CurrentBuild | null;
}

async function look(
  { engine, signal }: Effects,
  plan: BuildPlan,
  source: Source,
  renew: Renewal | null,
): Promise<Found> {
  const { hash, meaning: read } = await committedLock(plan, source, renew !== null);
  const meaning = renewed(read, renew);
  const bases = await allBases(engine, plan, source, signal, "lock" in meaning ? meaning.lock : null);
  const key = buildKey(plan, source, bases);
  const made = renew === null ? await reusableBuild(engine, plan.root, plan.name, { key, lock: hash }) : null;
  return { source, bases, key, hash, meaning, current: made };
}

/** Builds what is asked for: freely, from a lock, or from one whose packages had to move. */
async function build(
  effects: Effects,
  plan: BuildPlan,
  found: Found,
  directory: string,
  renew: Renewal | null,
): Promise<CurrentBuild> {
  const { meaning } = found;
  if (meaning.kind === "none") return await buildAndFreeze(effects, plan, found, directory);
  return await lockedBuild(effects, plan, { ...found, meaning, free: freeFrom(renew) }, directory);
}

async function buildAndFreeze(
  effects: Effects,
  plan: BuildPlan,
  { source, bases, key }: Found,
  directory: string,
): Promise<CurrentBuild> {
  return await newBuild(effects, plan, source, async ({ timestamp, paths, reference, identity }) => {
    const { ignore, policy, parsed: recipe } = source;
    const job: BuildJob = { plan, recipe, pins: [], ignore, policy, bases, logFile: paths.buildLog };
    const open = await openBuild(effects, job);
    const work = async (): Promise<CurrentBuild> => {
      const image = await step(effects, plan.name, "build", () =>
        open.buildKept(reference, false).catch(async (error: unknown) => {
          throw await explainBuild(explainOldFrontend(error, source.parsed), source.parsed, plan.secrets);
        }),
      );
      const captured = await step(effects, plan.name, "capture", async () =>
        captureBuild(effects, job, open, await builtImage(effects, image)),
      );
      const doubt = await doubtOf(effects, plan, source, directory);
      const engine = await builtBy(effects, identity);
      const frozen = await step(effects, plan.name, "lock", async () => {
        const pastHook = source.parsed.stages.some(runsAnything)
          ? await findPastHook(effects, bases, captured.stages)
          : new Map<number, PastHook[]>();
        const built = { plan, source, bases, image, captured, pastHook };
        const facts = { paths, timestamp, key, reference, doubt, directory };
        // Without the log the pins are only tighter.
        const log = await readFile(paths.buildLog, "utf8").catch(() => "");
        return await freeze({ ...built, ...facts, identity: engine }, lockOf(built, log));
      });
      const perhaps = perhapsWarning(frozen.lock.unpinned);
      if (perhaps !== null) effects.warn(perhaps);
      return { paths, ...frozen };
    };
    return await thenCleanUp(work, () => open.close());
  });
}

/** Writes the committed lock of a verified build, where it is another one. A renewal in the background is written later. */
async function commit(
  effects: Effects,
  plan: BuildPlan,
  { meaning, hash }: Found,
  { lock }: CurrentBuild,
  { state }: Verification,
  directory: string,
): Promise<void> {
  if (plan.lock === null || state !== "verified" || meaning.kind === "fits") return;
  if (!(await writeCommittedLock(plan.lock, lock, hash))) return;
  const tell = effects.tell ?? ((words) => effects.note(plan.name, words));
  tell(`wrote the lock ${relativePath(directory, plan.lock)}: commit it`);
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
