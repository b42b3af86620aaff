import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { notBuiltHere } from "../../recipe/context/errors";
import { makePlan } from "../../inputs/plan";
import type { BuildPlan } from "../../inputs/image-inputs";
import { interruptible } from "../../base/process/interruptible";
import type { Drift } from "../../packages/lock/types";
import { inputsOf, VALUES_VARIABLE } from "../roundtrip/hidden-inputs";
import { rebuildSifAndCompare } from "../apptainer/rebuild-sif";
import type { Effects } from "../roundtrip/effects";
import { rebuildAndCompare, type RebuildResult } from "../roundtrip/rebuild";
import { whileLeased, whileLeasedWithout } from "../roundtrip/while-leased";
import { StoreError } from "../../base/errors/store-error";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { readRecord, type BuildRecord } from "../../store/record";
import { allowedConcurrency, consoleEffects, engineAt, sifEffects } from "./effects";

/**
 * The plan of a build that is in the store, made from its build record.
 *
 * @throws {SecretValueError} when the environment lacks the value of a secret
 */
export function planOfRecord(record: BuildRecord, root: string, directory: string): BuildPlan {
  const { secretInputs, ...inputs } = inputsOf(record, process.env[VALUES_VARIABLE]);
  const plan = makePlan({ ...inputs, root, engine: record.engine.kind }, directory);
  return secretInputs === undefined ? plan : { ...plan, secretInputs };
}

/** Rebuilds with the engine that the build was made with. */
export async function rebuildWith(
  effects: Effects,
  plan: BuildPlan,
  record: BuildRecord,
  paths: BuildPaths,
): Promise<RebuildResult> {
  if (record.engine.kind !== "apptainer") return await rebuildAndCompare(effects, plan, record, paths);
  return await rebuildSifAndCompare(sifEffects(effects, plan.timeouts.inspect), plan, record, paths);
}

/** See `verifyRoundTrip` in on-call.ts. */
export async function verifyRoundTrip(
  name: string,
  root: string,
  timestamp: string,
): Promise<Drift & { identical: boolean; summary: string }> {
  const limit = allowedConcurrency();
  const store = resolve(root);
  const paths = buildPaths(store, name, timestamp);
  const known = async (): Promise<BuildRecord> => {
    const record = await readRecord(paths.record);
    if (record !== null) return record;
    throw new StoreError(`the store ${root} has no build ${name}-${timestamp}`, paths.record);
  };
  const { host, timeouts, builder, engine: of } = await known();
  const { kind } = of;
  const engine = engineAt(host, timeouts.inspect, builder);
  const { drift, identical, summary } = await interruptible((aborted) => {
    const effects = consoleEffects(engine, name, limit, aborted);
    const whileHeld: typeof whileLeased = kind === "apptainer" ? whileLeasedWithout : whileLeased;
    return whileHeld(effects, { root: store, name }, async (held, seat) => {
      // Read it again: the build may have been pruned while this waited.
      const record = await known();
      const here = process.cwd();
      const plan = planOfRecord(record, root, here);
      await access(plan.context).catch((error: unknown) => {
        // Other errors are reported by the code that reads the context.
        if ((error as NodeJS.ErrnoException).code === "ENOENT")
          throw notBuiltHere(record.context, here, error);
      });
      await seat.take();
      return await rebuildWith(held, plan, record, paths);
    });
  });
  return { ...drift, identical, summary };
}
