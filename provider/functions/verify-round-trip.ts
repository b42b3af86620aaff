import { resolve } from "node:path";
import { makePlan } from "../inputs/plan";
import type { ImageInputs } from "../inputs/image-inputs";
import { interruptible } from "../process/interruptible";
import type { Drift } from "../lock/types";
import { rebuildAndCompare } from "../roundtrip/rebuild";
import { StoreError } from "../store/errors";
import { buildPaths } from "../store/paths";
import { readRecord, type BuildRecord } from "../store/record";
import { consoleEffects, engineAt } from "./effects";

/** The inputs that a build had, from its record. Pure. */
export function inputsOfRecord(record: BuildRecord, root: string): ImageInputs {
  return {
    layer: record.layer,
    recipe: record.recipe,
    context: record.context,
    root,
    host: record.host ?? undefined,
    buildArgs: record.buildArgs,
    target: record.target ?? undefined,
    platform: record.platform ?? undefined,
    labels: record.labels,
    secrets: record.secrets,
    revision: record.revision ?? undefined,
    timeouts: record.timeouts,
  };
}

/**
 * Rebuilds a build of the store from its locked recipe, compares, and writes its mark.
 *
 * @returns the drift, whether there is none, and a summary on one line
 * @throws {StoreError} when the store has no such build, or its lock was changed
 * @throws {ContextChangedError} when the context is no longer what was built from
 */
export async function verifyRoundTrip(
  layer: string,
  root: string,
  timestamp: string,
): Promise<Drift & { identical: boolean; summary: string }> {
  const paths = buildPaths(resolve(root), layer, timestamp);
  const record = await readRecord(paths.record);
  if (record === null) {
    throw new StoreError(`the store ${root} has no build ${layer}-${timestamp}`, paths.record);
  }
  const plan = makePlan(inputsOfRecord(record, root), process.cwd());
  const engine = engineAt(record.host, record.timeouts.inspect);
  const { drift, identical, summary } = await interruptible((signal) =>
    rebuildAndCompare(consoleEffects(engine, signal), plan, record, paths),
  );
  return { ...drift, identical, summary };
}
