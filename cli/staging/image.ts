import { join, resolve } from "node:path";
import { messageOf, onOneLine } from "../../provider/base/errors/message";
import { sightingOf, type Sighting } from "../../provider/base/git/still";
import { buildReproducible } from "../../provider/build/functions/build-reproducible";
import { engineAt } from "../../provider/build/functions/effects";
import { movedSince } from "../../provider/build/functions/stamp";
import { StampInDoubtError } from "../../provider/build/functions/stamp-error";
import { BuildFailedError } from "../../provider/engines/errors";
import { InputError } from "../../provider/inputs/failure";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { resolveSource } from "../../provider/promote/gate/resolve-source";
import { contextDoubts } from "../../provider/stage/built-from";
import { StagingRedError } from "../../provider/stage/errors";
import { withPlainBuild } from "../../provider/stage/plain-build";
import { lastCharacters } from "../../provider/stage/tail";
import { askedStore } from "../asked";
import { imageInputs } from "../flags/image";
import { warn } from "../output/warn";
import { requireVerifiedSetting, retainSetting } from "../settings";
import { readSettingsFile } from "../settings-file";
import { neededRoot } from "../store-root";
import type { World } from "../world";
import type { AskedStage } from "./asked";
import type { StageFlags } from "./flags";

/**
 * Refuses a context that is not at the revision. Other doubts are warnings, or with `--dirty refuse` errors.
 *
 * @returns the work tree as it was then; null: there is none
 */
async function demandContext(
  world: World,
  flags: StageFlags,
  context: string,
  revision: string,
): Promise<Sighting | null> {
  const seconds = flags.timeout?.git ?? DEFAULT_TIMEOUTS.git;
  // The look comes first. If HEAD moves between the two, the question after the build sees it.
  const before = await sightingOf(context, seconds);
  const { refused, doubts } = await contextDoubts(context, revision, seconds);
  if (refused !== null) throw new InputError([{ property: "--revision", reason: refused }]);
  if (flags.dirty !== "refuse") warn(world, doubts);
  else if (doubts.length > 0) {
    throw new InputError(
      doubts.map((reason) => ({ property: "--context", reason: `${reason} (--dirty refuse)` })),
    );
  }
  return before;
}

/** The store of an image, and whether the image has to be verified there. */
export interface Stored {
  root: string | undefined;
  requireVerified: boolean;
}

/** The store that a build goes into, or that may know the image. */
export async function storeOf(world: World, flags: StageFlags, image: string | null): Promise<Stored> {
  if (flags.plain === true) return { root: undefined, requireVerified: false };
  if (image !== null) return await askedStore(world, flags);
  const root = neededRoot(flags.root, world.env);
  const sources = { file: await readSettingsFile(root), env: world.env, flags };
  return { root, requireVerified: requireVerifiedSetting(sources) };
}

/** Builds the image, or takes the one that exists, and calls `use` with its ID. */
export async function withImage<T>(
  world: World,
  flags: StageFlags,
  { image, revision, settings }: AskedStage,
  { root, requireVerified }: Stored,
  signal: AbortSignal,
  use: (imageId: string) => Promise<T>,
): Promise<T> {
  const engine = engineAt(flags.host, flags.timeout?.inspect ?? DEFAULT_TIMEOUTS.inspect);
  if (image !== null) return await use((await resolveSource(engine, image)).id);
  if (flags.context === undefined || revision === null)
    throw new Error("a build without context or revision");
  const context = resolve(world.directory, flags.context);
  const before = await demandContext(world, flags, context, revision);
  const { name: container } = settings;
  if (flags.plain === true) {
    world.err(`building ${onOneLine(flags.context)} at ${revision.slice(0, 12)}\n`);
    const recipe = flags.recipe === undefined ? undefined : resolve(world.directory, flags.recipe);
    const places = { context, recipe: recipe ?? join(context, "Dockerfile"), root: null };
    const timeouts = { ...DEFAULT_TIMEOUTS, ...flags.timeout };
    const build = {
      ...{ context, recipe, revision, container, signal, logFile: flags.log },
      moved: await movedSince({ ...places, revision, timeouts }, before),
      buildArgs: flags.buildArg ?? {},
      labels: flags.label ?? {},
      secrets: flags.secret ?? {},
      target: flags.target ?? null,
      platform: flags.platform ?? null,
      timeoutMs: (flags.timeout?.rebuild ?? DEFAULT_TIMEOUTS.rebuild) * 1000,
    };
    return await withPlainBuild(engine, build, use);
  }
  const store = neededRoot(root, world.env);
  const sources = { file: await readSettingsFile(store), env: world.env, flags };
  const { value: retain, warnings } = retainSetting(sources);
  warn(world, warnings);
  const inputs = imageInputs({ ...flags, revision }, { root: store, retain, requireVerified });
  const { imageId } = await buildReproducible({ ...inputs, readFrom: before }).catch((error: unknown) => {
    const failed = error instanceof BuildFailedError;
    if (!failed && !(error instanceof StampInDoubtError)) throw error;
    const output = failed ? lastCharacters(error.tail) : "";
    throw new StagingRedError("build", messageOf(error), `${container} was not touched`, output, {
      cause: error,
    });
  });
  return await use(imageId);
}
