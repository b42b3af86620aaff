import { readFile } from "node:fs/promises";
import { throwawayReference } from "../../base/process/leftovers";
import { BuildFailedError } from "../../engines/errors";
import type { ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import { buildOf } from "../../packages/lock/locked-build";
import type { Lock, LockedPackage } from "../../packages/lock/types";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import { runsAnything } from "../../recipe/dockerfile/stages";
import { buildAndCapture, captureBuild } from "../roundtrip/capture-build";
import { step, type Effects } from "../roundtrip/effects";
import { explainBuild } from "../roundtrip/explain-build";
import { readBuildOutput } from "../roundtrip/failed-step";
import { findPastHook } from "../roundtrip/find-past-hook";
import { lockOf, recipeOf, type OwnLock } from "../roundtrip/lock-of";
import { openBuild } from "../roundtrip/run-build";
import type { Source } from "../roundtrip/source";
import { forced, nameOf, pinnedNames, released, type PackageName } from "./release";

/** What is to be built, and what is known of it. */
export interface ToResolve {
  plan: BuildPlan;
  source: Source;
  bases: readonly ResolvedBase[];
  logFile: string;
}

/** Attempts in which single packages are set free. After them all are. */
const ATTEMPTS = 12;

/**
 * Finds out what the recipe installs now, if the packages of a lock keep their versions as far as they can: in a build without
 * cache, whose image is thrown away. What has to move is set free, one attempt after the other.
 *
 * @param free what is free from the start; "all": everything
 */
export async function resolvePackages(
  effects: Effects,
  to: ToResolve,
  lock: Lock,
  free: readonly PackageName[] | "all",
): Promise<OwnLock> {
  const names = new Set<PackageName>(free === "all" ? pinnedNames(lock) : free);
  // Who names packages wants no others to move than these and what they force.
  const strict = free !== "all" && free.length > 0;
  if (!strict || !free.some((name) => name.startsWith("pip:")))
    return await buildFreeing(effects, to, lock, names, strict);
  const held = await newestOfPip(effects, to, lock, names);
  for (const name of [...names]) if (name.startsWith("pip:")) names.delete(name);
  return await buildFreeing(effects, to, held, names, strict);
}

/**
 * Builds, and sets free what has to move.
 *
 * @param names what is free; what has to be is added
 * @param strict fails rather than to set everything free
 */
async function buildFreeing(
  effects: Effects,
  to: ToResolve,
  lock: Lock,
  names: Set<PackageName>,
  strict: boolean,
): Promise<OwnLock> {
  const all = pinnedNames(lock);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await build(effects, to, lock, names);
    } catch (error) {
      if (!(error instanceof BuildFailedError) || names.size >= all.size) {
        throw await explainBuild(error, to.source.parsed, to.plan.secrets);
      }
      const { failed, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
      const more = forced(failed?.lines ?? lines, new Set([...all].filter((name) => !names.has(name))));
      const some = more.length > 0 && attempt < ATTEMPTS;
      if (!some && strict) throw await explainBuild(error, to.source.parsed, to.plan.secrets);
      effects.note(to.plan.name, `set free: ${some ? more.join(", ") : "all packages"}`);
      for (const name of some ? more : all) names.add(name);
    }
  }
}

/**
 * A lock with some packages of pip at their newest versions. A resolver would rather keep an old version than move what
 * another package holds, so it is asked first what it takes when nothing is held.
 *
 * @param names what is free; what else has to be is added
 */
async function newestOfPip(
  effects: Effects,
  to: ToResolve,
  lock: Lock,
  names: Set<PackageName>,
): Promise<Lock> {
  const chosen = new Set([...names].filter((name) => name.startsWith("pip:")));
  const ofPip = [...pinnedNames(lock)].filter((name) => name.startsWith("pip:"));
  const free = new Set([...names, ...ofPip]);
  const { lock: newest } = await buildFreeing(effects, to, lock, free, true);
  for (const name of free) if (!name.startsWith("pip:")) names.add(name);
  const isChosen = (item: LockedPackage): boolean => chosen.has(nameOf(item));
  const others = lock.packages.filter((item) => !isChosen(item));
  return { ...lock, packages: [...others, ...newest.packages.filter(isChosen)] };
}

async function build(
  effects: Effects,
  { plan, source, bases, logFile }: ToResolve,
  lock: Lock,
  free: ReadonlySet<PackageName>,
): Promise<OwnLock> {
  const preferred = released(lock, free);
  // A mounted lock file of npm would not be in the image, where it is read. The versions are preferred without it.
  const inRecipe = { npmProjects: [], replaced: [] };
  const pinned = recipeOf({ plan, source, bases }, { lock: preferred, ...inRecipe }, true);
  const { ignore, policy } = source;
  const job = {
    plan,
    recipe: parseDockerfile(pinned.text),
    pins: pinned.pins,
    ignore,
    policy,
    bases,
    logFile,
  };
  const tag = throwawayReference(`${plan.name}-resolve`);
  const open = await openBuild(effects, job);
  try {
    const built = await step(effects, plan.name, "resolve", () =>
      buildAndCapture(effects, job, open, { tag, stage: null, cache: false }),
    );
    const captured = await captureBuild(effects, job, open, built);
    const pastHook = source.parsed.stages.some(runsAnything)
      ? await findPastHook(effects, bases, captured.stages)
      : new Map();
    const platform = buildOf(lock)?.platform ?? "";
    const [os = "", architecture = ""] = platform.split("/");
    const log = await readFile(logFile, "utf8").catch(() => "");
    return lockOf({ plan, source, bases, image: { os, architecture }, captured, pastHook }, log);
  } finally {
    await open.close();
    await effects.engine.remove(tag);
  }
}
