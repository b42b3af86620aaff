import { withArtifact } from "../../base/lease/artifact";
import { sweepTemporary } from "../../base/process/temporary";
import type { BuildPlan } from "../../inputs/image-inputs";
import { buildPaths } from "../../store/paths";
import { claimTimestamp } from "../../store/timestamp";
import { noDrift, readVerification } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import { writePrivate } from "../../store/write";
import { doubtOf } from "../roundtrip/new-build";
import { step } from "../roundtrip/effects";
import { keepAndPrune } from "../roundtrip/housekeeping";
import { buildKey } from "../roundtrip/key";
import { makeOutputs, relativePath } from "../roundtrip/outputs";
import type { CurrentBuild } from "../roundtrip/reuse";
import type { RoundTrip } from "../roundtrip/round-trip";
import { withSeat, type Seat } from "../roundtrip/seat";
import { sentence } from "../roundtrip/sentence";
import { perhapsWarning } from "../roundtrip/unpinned-words";
import { verifyInBackground } from "../roundtrip/verify-in-background";
import { sifBases, type SifBase } from "./bases";
import type { SifEffects } from "./effects";
import { freezeSif } from "./freeze-sif";
import { rebuildSifAndCompare } from "./rebuild-sif";
import { reusableSif } from "./reuse-sif";
import { buildAndCaptureSif } from "./run-sif";
import { readSifSource, type SifSource } from "./source";
import { clearUnfinishedSifs, whileSifClaimed } from "./unfinished-sif";

/** What there is to build from, and the build that was already made from exactly that; null: there is none. */
interface Found {
  source: SifSource;
  bases: SifBase[];
  key: string;
  current: CurrentBuild | null;
}

/**
 * The round trip of an Apptainer definition, in the steps of `round-trip.ts`: build the loose definition, write a lock of
 * what it installed, rebuild from the lock, compare.
 *
 * @param directory the directory that paths in the outputs are relative to
 * @param options anew: rebuild and compare even if a verdict is on record
 */
export async function roundTripSif(
  effects: SifEffects,
  plan: BuildPlan,
  directory: string,
  { anew = false }: { anew?: boolean } = {},
): Promise<RoundTrip> {
  const { root, name } = plan;
  const note = (words: string): void => effects.note(name, words);
  return await withArtifact({ root, name, signal: effects.signal, note }, ({ signal }) => {
    const held = { ...effects, signal };
    return withSeat(held, name, async (seat) => {
      await sweepTemporary();
      await clearUnfinishedSifs(root, name);
      let found = await look(held, plan);
      if (found.current === null && (await seat.take())) found = await look(held, plan);
      const current = found.current ?? (await buildAndFreeze(held, plan, found, directory));
      await keepAndPrune({ ...held, engine: null }, plan, current);
      const moved = found.current === null ? null : ((await held.moved?.()) ?? null);
      const verification = await verdictOn(held, plan, current, directory, seat, anew);
      const { record, lock, paths } = current;
      const outputs = {
        ...makeOutputs(record, lock, verification, paths, directory),
        reference: relativePath(directory, paths.sif),
        lockedRecipe: relativePath(directory, paths.lockedDefinition),
      };
      return { outputs, doubt: record.contextChanged ?? moved, fromCache: null };
    });
  });
}

async function look(effects: SifEffects, plan: BuildPlan): Promise<Found> {
  const source = await readSifSource(effects, plan);
  const bases = await sifBases(effects, plan, source.parsed);
  const key = buildKey(plan, source, bases);
  return { source, bases, key, current: await reusableSif(plan.root, plan.name, key) };
}

async function buildAndFreeze(
  effects: SifEffects,
  plan: BuildPlan,
  { source, bases, key }: Found,
  directory: string,
): Promise<CurrentBuild> {
  const identity = await effects.engine.identity();
  const timestamp = await claimTimestamp(plan.root, plan.name, effects.now());
  const paths = buildPaths(plan.root, plan.name, timestamp);
  return await whileSifClaimed(paths, identity.id, async () => {
    await writePrivate(paths.roughDefinition, source.text);
    const job = { plan, parsed: source.parsed, pins: [], logFile: paths.buildLog };
    const captured = await buildAndCaptureSif(effects, job, paths.sif, ["build", "capture"]);
    const doubt = await doubtOf(effects, plan, source, directory);
    const frozen = await step(effects, plan.name, "lock", () =>
      freezeSif({ plan, paths, timestamp, source, key, bases, captured, doubt, identity, directory }),
    );
    const perhaps = perhapsWarning(frozen.lock.unpinned);
    if (perhaps !== null) effects.warn(perhaps);
    return { paths, ...frozen };
  });
}

/** The verdict on a build: from the record, or from a rebuild, now or in the background. After an error it is unknown. */
async function verdictOn(
  effects: SifEffects,
  plan: BuildPlan,
  build: CurrentBuild,
  directory: string,
  seat: Seat,
  anew: boolean,
): Promise<Verification> {
  const { record, paths } = build;
  const known = await readVerification(paths, record.imageId);
  if (record.contextChanged !== undefined)
    return { state: "unknown", drift: noDrift(), reason: record.contextChanged };
  if (known.state !== "unknown" && !(anew && plan.verify !== "skip")) return known;
  if (plan.verify === "skip") return { ...known, reason: "the rebuild was skipped (verify: skip)" };
  if (plan.verify === "background") return await verifyInBackground(effects, plan, build, directory);
  await seat.take();
  try {
    await rebuildSifAndCompare(effects, plan, record, paths);
  } catch (error) {
    if (effects.signal?.aborted === true) throw error;
    const words = sentence(error, directory, [plan.root, plan.context]);
    return { state: "unknown", drift: noDrift(), reason: `the rebuild proved nothing: ${words}` };
  }
  return await readVerification(paths, record.imageId);
}
