import { resolve } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import { rm } from "node:fs/promises";
import { interruptible } from "../../base/process/interruptible";
import { concurrency } from "../../inputs/concurrency";
import { InputError } from "../../inputs/failure";
import type { BuildPlan } from "../../inputs/image-inputs";
import { planImage } from "../../inputs/plan";
import { defaultPlatform } from "../../inputs/recipe-settings";
import { makeLock } from "../../packages/lock/make";
import type { Lock } from "../../packages/lock/types";
import { hashInstructions } from "../../recipe/dockerfile/instruction-hashes";
import type { Recipe } from "../../recipe/dockerfile/read";
import { latestBuild } from "../../store/builds";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import { committedLock, type Committed } from "../lock/committed";
import { pinnedNames } from "../lock/release";
import { freeFrom, renewed, type Renewal } from "../lock/renewal";
import { resolvePackages } from "../lock/resolve";
import { allBases } from "../roundtrip/bases";
import type { ImageOutputs } from "../roundtrip/image-outputs";
import { readSource } from "../roundtrip/source";
import { whileLeased } from "../roundtrip/while-leased";
import { buildAndJudge } from "./build-reproducible";
import { consoleEffects, engineAt } from "./effects";
import { planOfRecord } from "./verify-round-trip";

/** The plan of a renewal, with the recipe that was read for it. */
export interface PlannedRenewal {
  plan: BuildPlan & { lock: string };
  recipe: Recipe;
}

/**
 * Plans a renewal. Without a context, everything is as in the latest build of the store.
 *
 * @throws {InputError} naming everything that is wrong with the inputs
 */
export async function planRenewal(
  inputs: Readonly<Record<string, unknown>> & { name: string; root: string; lock: string },
): Promise<PlannedRenewal> {
  const directory = process.cwd();
  const given = inputs.context === undefined ? await asBefore(inputs, directory) : inputs;
  const { plan, recipe, failures } = await planImage({ ...given, frozenLock: false }, directory);
  if (plan === null || recipe === null || failures.length > 0) throw new InputError(failures);
  return { plan: { ...plan, lock: resolve(directory, inputs.lock) }, recipe };
}

async function asBefore(
  inputs: Readonly<Record<string, unknown>> & { name: string; root: string },
  directory: string,
): Promise<Readonly<Record<string, unknown>>> {
  const root = resolve(directory, inputs.root);
  const timestamp = await latestBuild(root, inputs.name);
  const record =
    timestamp === null ? null : await readRecord(buildPaths(root, inputs.name, timestamp).record);
  if (record === null) {
    const reason = `is missing, and the store ${inputs.root} has no build of ${inputs.name} that tells it; give the build context's directory`;
    throw new InputError([{ property: "context", reason }]);
  }
  const before: Readonly<Record<string, unknown>> = planOfRecord(record, root, directory);
  return { ...before, secretInputs: undefined, push: [], ...inputs };
}

/** What the committed lock means for the recipe. Nothing is built. */
export async function checkLock({ plan, recipe }: PlannedRenewal): Promise<Committed> {
  return await committedLock(plan, recipe, true);
}

/** @throws {InputError} for a package that the lock does not have */
function assertKnown({ meaning }: Committed, renewal: Renewal): void {
  if (renewal === "all" || meaning.kind === "none") return;
  const known = pinnedNames(meaning.lock);
  const unknown = renewal.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const reason = `the lock has no ${unknown.join(", ")}; expected names as it has them, such as pip:flask or dpkg:curl`;
  throw new InputError([{ property: "update", reason }]);
}

/** Writes or renews a committed lock: resolves, builds from what came of it, compares, and writes the file if it is the same. */
export async function renewLock(planned: PlannedRenewal, renewal: Renewal): Promise<ImageOutputs> {
  const { plan, recipe } = planned;
  assertKnown(await checkLock(planned), renewal);
  const engine = engineAt(plan.host, plan.timeouts.inspect, plan.builder);
  const { limit } = concurrency();
  const { outputs, failure } = await interruptible((signal) =>
    buildAndJudge(
      consoleEffects(engine, plan.name, limit, signal),
      { ...plan, verify: "inline", push: [] },
      process.cwd(),
      { recipe, renew: renewal },
    ),
  );
  if (failure !== null) throw failure;
  return outputs;
}

/** A lock that pins nothing. */
function freeLock({ plan, recipe }: PlannedRenewal): Lock {
  const target = plan.target === null ? {} : { target: plan.target };
  return makeLock({
    ...{ bases: [], packages: [], sources: [], unpinned: [], npmProjects: [], replaced: [] },
    ...{ incomplete: [], unordered: [], platform: plan.platform ?? defaultPlatform(), ...target },
    recipe: hashInstructions(recipe.parsed),
  });
}

/**
 * What a renewal would write, found out by a build that is thrown away. The file stays as it is.
 *
 * @returns the lock that is there, or an empty one, and the one that would be written
 */
export async function previewRenewal(
  planned: PlannedRenewal,
  renewal: Renewal,
): Promise<{ before: Lock; after: Lock }> {
  const { plan } = planned;
  const committed = await checkLock(planned);
  assertKnown(committed, renewal);
  const { meaning: read } = committed;
  const before = read.kind === "none" ? freeLock(planned) : read.lock;
  const meaning = renewed(read, renewal);
  const engine = engineAt(plan.host, plan.timeouts.inspect, plan.builder);
  const { limit } = concurrency();
  const after = await interruptible((aborted) =>
    whileLeased(consoleEffects(engine, plan.name, limit, aborted), plan, async (held, seat) => {
      const source = await readSource(held, plan, planned.recipe);
      const kept = meaning.kind === "none" ? null : meaning.lock;
      const bases = await allBases(held.engine, plan, source, held.signal, kept);
      await seat.take();
      const folder = await temporaryFolder("renewal");
      try {
        const to = { plan, source, bases, logFile: `${folder}/build.log` };
        const { lock } = await resolvePackages(
          held,
          to,
          kept ?? freeLock(planned),
          kept === null ? "all" : freeFrom(renewal),
        );
        return lock;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
  );
  return { before, after };
}
