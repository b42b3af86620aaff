import type { BuilderFacts, EngineIdentity } from "../../engines/engine";
import { unheededPolicy } from "../../engines/frontend";
import type { BuildPlan } from "../../inputs/image-inputs";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { claimTimestamp } from "../../store/timestamp";
import { writePrivate } from "../../store/write";
import { changedSince, changedWhileBuilt } from "./context-change";
import type { Effects } from "./effects";
import { secretLabelsWarning } from "./hidden-inputs";
import { relativePath } from "./outputs";
import type { Context, Source } from "./source";
import { whileClaimed } from "./unfinished";

/** The place in the store of a build that has begun. */
export interface NewBuild {
  timestamp: string;
  paths: BuildPaths;
  /** The image's own tag. */
  reference: string;
  identity: EngineIdentity;
}

/** Begins a build: claims its place in the store, and gives the warnings that come before it. See {@link whileClaimed}. */
export async function newBuild<T>(
  effects: Effects,
  plan: BuildPlan,
  source: Source,
  work: (build: NewBuild) => Promise<T>,
): Promise<T> {
  const { engine } = effects;
  const identity = await engine.identity();
  const timestamp = await claimTimestamp(plan.root, plan.name, effects.now());
  const paths = buildPaths(plan.root, plan.name, timestamp);
  const reference = `${plan.name}:${timestamp}`;
  return await whileClaimed(engine, identity.id, reference, paths, async () => {
    const labels = secretLabelsWarning(plan);
    if (labels !== null) effects.warn(labels);
    if (source.policy !== null) {
      const policy = `${source.policy.recipe}.rego`;
      const unheeded = unheededPolicy(policy, await engine.builder());
      if (unheeded !== null) effects.warn(unheeded);
    }
    await writePrivate(paths.rough, source.text);
    return await work({ timestamp, paths, reference, identity });
  });
}

/** Why it is not known which files are in an image that was just built, in a sentence; null: it is known. */
export async function doubtOf(
  effects: Pick<Effects, "reader" | "signal" | "moved">,
  plan: BuildPlan,
  source: Context,
  directory: string,
): Promise<string | null> {
  const changed = await changedSince(effects, plan, source);
  const moved = (await effects.moved?.()) ?? null;
  const context = relativePath(directory, plan.context);
  return moved ?? (changed === null ? null : changedWhileBuilt(context, changed));
}

/** The engine of a build, with its builder. */
export async function builtBy(
  { engine }: Effects,
  identity: EngineIdentity,
): Promise<EngineIdentity & BuilderFacts> {
  const { driver, buildkit } = await engine.builder();
  return { ...identity, driver, buildkit };
}
