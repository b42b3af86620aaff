import { readFile } from "node:fs/promises";
import type { ResolvedBase } from "../../engines/pin-base";
import type { ImageFacts } from "../../engines/engine";
import type { BuildPlan } from "../../inputs/image-inputs";
import { lockHash, canonicalLock } from "../../packages/lock/canonical";
import { buildOf } from "../../packages/lock/locked-build";
import type { Lock } from "../../packages/lock/types";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import { writeMark } from "../../store/mark";
import { builtImage, captureBuild, type BuildCapture } from "../roundtrip/capture-build";
import type { Compared } from "../roundtrip/compare-rebuild";
import { step, type Effects } from "../roundtrip/effects";
import { explainBuild } from "../roundtrip/explain-build";
import { freeze } from "../roundtrip/freeze";
import { jobSettings } from "../roundtrip/job-settings";
import { lockedKey } from "../roundtrip/key";
import { lockOf, recipeOf, type OwnLock } from "../roundtrip/lock-of";
import { builtBy, doubtOf, newBuild, type NewBuild } from "../roundtrip/new-build";
import { relativePath } from "../roundtrip/outputs";
import type { CurrentBuild } from "../roundtrip/reuse";
import { openBuild } from "../roundtrip/run-build";
import type { Source } from "../roundtrip/source";
import { cachedSteps, cacheWords, type CachedSteps } from "./cached-steps";
import { compareLocked } from "./compare-locked";
import { pinsToBlame } from "./gone";
import { stageFacts } from "./lock-parts";
import type { LockMeaning } from "./meaning";
import type { PackageName } from "./release";
import { resolvePackages } from "./resolve";

/** What is built from a committed lock. */
export interface FromLock {
  source: Source;
  bases: ResolvedBase[];
  key: string;
  meaning: Extract<LockMeaning, { lock: Lock }>;
  /** The hash of the committed lock. */
  hash: string | null;
  /** Packages that are free from the start, if the lock is renewed. */
  free: readonly PackageName[];
}

/**
 * Builds an image from a committed lock: ONE build from the locked recipe, captured and compared with the lock.
 *
 * Where the recipe has changed, what it installs now is resolved first; then that lock counts. Where the pins can't be had any
 * more, the image is built from what can be had, and the comparison with the committed lock names what has moved.
 */
export async function lockedBuild(
  effects: Effects,
  plan: BuildPlan,
  from: FromLock,
  directory: string,
): Promise<CurrentBuild> {
  const { source, bases, meaning } = from;
  return await newBuild(effects, plan, source, async (begun) => {
    const logFile = begun.paths.buildLog;
    const resolve = (free: readonly PackageName[]): Promise<OwnLock> =>
      resolvePackages(effects, { plan, source, bases, logFile }, meaning.lock, free);
    if (meaning.kind === "changed") {
      const own = await resolve(from.free);
      const made = await buildFrom(effects, plan, from, begun, own);
      return await judgeAndFreeze(effects, plan, from, begun, made, { against: own, why: null }, directory);
    }
    const own = ownLock(meaning.lock, plan, from);
    try {
      const made = await buildFrom(effects, plan, from, begun, own);
      return await judgeAndFreeze(effects, plan, from, begun, made, { against: own, why: null }, directory);
    } catch (error) {
      const why = await pinsToBlame(error, meaning.lock, plan);
      if (why === null) throw await explainBuild(error, source.parsed, plan.secrets);
      const made = await buildFrom(effects, plan, from, begun, await resolve([]));
      return await judgeAndFreeze(effects, plan, from, begun, made, { against: own, why }, directory);
    }
  });
}

function ownLock(
  lock: Lock,
  plan: BuildPlan,
  { source, bases }: Pick<FromLock, "source" | "bases">,
): OwnLock {
  const { npmProjects = [], replaced = [] } = lock;
  const settings = jobSettings(plan, bases);
  return { lock, ...stageFacts({ npmProjects, replaced }, { parsed: source.parsed, settings }) };
}

/** An image that was built from a lock, and what was captured of it. */
interface Made {
  image: ImageFacts;
  captured: BuildCapture;
  steps: CachedSteps;
}

async function buildFrom(
  effects: Effects,
  plan: BuildPlan,
  { source, bases }: FromLock,
  { paths, reference }: NewBuild,
  own: OwnLock,
): Promise<Made> {
  const { text, pins } = recipeOf({ plan, source, bases }, own);
  const { ignore, policy } = source;
  const job = {
    shared: true,
    plan,
    recipe: parseDockerfile(text),
    pins,
    ignore,
    policy,
    bases,
    logFile: paths.buildLog,
  };
  const open = await openBuild(effects, job);
  try {
    const image = await step(effects, plan.name, "locked build", () =>
      open.buildKept(reference, plan.cache !== "none"),
    );
    const counted = cachedSteps(await readFile(paths.buildLog, "utf8"));
    // A step that another build runs at the same time is in that build's log.
    const steps = { ...counted, runs: plan.cache !== "none" };
    const captured = await step(effects, plan.name, "capture", async () =>
      captureBuild(effects, job, open, await builtImage(effects, image)),
    );
    return { image, captured, steps };
  } finally {
    await open.close();
  }
}

/** What an image is compared with; `why`: what is to blame where it could not be built from that. */
interface Against {
  against: OwnLock;
  why: string | null;
}

/**
 * Compares, and writes the build into the store with its mark. An image that is the lock's gets the very lock; another one
 * gets a lock of its own, of what it has. If nothing is proven either way there is no mark, and a rebuild is due.
 */
async function judgeAndFreeze(
  effects: Effects,
  plan: BuildPlan,
  from: FromLock,
  { timestamp, paths, reference, identity }: NewBuild,
  { image, captured, steps }: Made,
  { against, why }: Against,
  directory: string,
): Promise<CurrentBuild> {
  const { source, bases, key, hash } = from;
  const doubt = await doubtOf(effects, plan, source, directory);
  const build = buildOf(against.lock);
  const compared = await step(effects, plan.name, "compare", () => {
    const answer =
      build === null
        ? "the lock does not say from which recipe it was built"
        : compareLocked({ ...against.lock, ...build }, captured, steps.runs, [paths.buildLog]);
    if (typeof answer !== "string") return Promise.resolve(answer);
    effects.note(plan.name, `this build does not tell whether the image is the lock's: ${answer}`);
    return Promise.resolve(null);
  });
  const isSame = compared !== null && compared.reason === null && why === null;
  const log = await readFile(paths.buildLog, "utf8").catch(() => "");
  const all = withProjects(withDoubts(captured, steps), against);
  const built = { plan, source, bases, image, captured: all, pastHook: new Map() };
  const own = isSame ? against : lockOf(built, log);
  const facts = { paths, timestamp, reference, doubt, directory, identity: await builtBy(effects, identity) };
  // A build that is not the lock's is due again only if the lock changes too.
  const ownKey = isSame ? key : lockedKey(key, hash);
  const frozen = await step(effects, plan.name, "lock", () =>
    freeze({ ...built, ...facts, key: ownKey }, own),
  );
  if (compared !== null && doubt === null) {
    const file = relativePath(directory, plan.lock ?? paths.lock);
    await writeMark(paths, isSame ? "verified" : "unverified", {
      imageId: image.id,
      lockHash: lockHash(canonicalLock(frozen.lock)),
      drift: compared.drift,
      reason: isSame ? null : reasonOf(compared, why, file, plan.name),
      summary: `${compared.summary} (locked, ${cacheWords(steps)})`,
      at: effects.now().toISOString(),
      proof: "locked",
      fromCache: cacheWords(steps),
    });
  }
  return { paths, ...frozen };
}

/** The lock file of an npm project is mounted while the project is installed, so the image may not have it. */
function withProjects(captured: BuildCapture, { npmProjects }: OwnLock): BuildCapture {
  const own = new Set(captured.npmProjects.map(({ root }) => root));
  return {
    ...captured,
    npmProjects: [...captured.npmProjects, ...npmProjects.filter(({ root }) => !own.has(root))],
  };
}

/** apt reports nothing of what came from the cache. */
function withDoubts(captured: BuildCapture, { runs }: CachedSteps): BuildCapture {
  if (!runs) return captured;
  const stages = captured.packages.map(({ stage }) => stage ?? "");
  return { ...captured, incomplete: [...new Set([...captured.incomplete, "", ...stages])] };
}

function reasonOf({ summary, reason }: Compared, why: string | null, file: string, name: string): string {
  const differs =
    reason === null ? "it was built from what can be had, and is the same" : `the image differs: ${summary}`;
  const what =
    why === null
      ? `the image differs from its lock ${file}: ${summary}`
      : `the lock ${file} can't be built: ${why}; ${differs}`;
  return `${what}; renew the lock with \`verified-images lock ${name}\`, and commit it`;
}
