import { VerifiedImagesError } from "../../base/errors/base";
import type { Engine } from "../../engines/engine";
import { splitTargets } from "../../promote/gate/routes";
import { targetsOf } from "./promotion-facts";
import { engineFor, type Properties } from "../host/properties";
import { same } from "../host/same";

/**
 * The engine that answers is not the one on record, under the same name: what became of the tags there can't be told, and
 * nothing is promoted here.
 */
export class AnotherEngineError extends VerifiedImagesError {
  constructor(targets: readonly string[], then: string, now: string) {
    super(
      "another-engine",
      `another engine answers (${now}) than the one that has ${targets.join(", ")} (${then}), so what is promoted there ` +
        "can't be told; point DOCKER_HOST or the Docker context back to it. If this one is to take its place, name it " +
        "with `host`, or take the promotion out of the state (pulumi state delete <urn>) and promote anew",
    );
  }
}

const idIn = (properties: Readonly<Properties> | null): string | null =>
  typeof properties?.engineId === "string" && properties.engineId !== "" ? properties.engineId : null;

/**
 * The engine's ID that goes on record with inputs: what is on record already, as long as `host` stays what it was.
 *
 * @param olds the inputs or the state that there is; null: there is none
 * @returns null where no target is on an engine
 * @throws {AnotherEngineError} when another engine answers under the same name
 * @throws {EngineUnreachableError}
 */
export async function engineToRecord(
  engine: Engine,
  inputs: Readonly<Properties>,
  olds: Readonly<Properties> | null,
): Promise<string | null> {
  const { local } = splitTargets(targetsOf(inputs));
  if (local.length === 0) return null;
  const { id } = await engine.identity();
  const then = olds !== null && same(olds.host, inputs.host) ? idIn(olds) : null;
  if (then !== null && then !== id) throw new AnotherEngineError(local, then, id);
  return id;
}

/**
 * Makes sure that the engine is the one on record, before what is found there is taken for an answer. States of older
 * versions have none on record.
 *
 * @throws {AnotherEngineError}
 * @throws {EngineUnreachableError}
 */
export async function onRecordedEngine(
  properties: Readonly<Properties>,
  targets: readonly string[],
): Promise<void> {
  const then = idIn(properties);
  const { local } = splitTargets(targets);
  if (then === null || local.length === 0) return;
  const { id } = await engineFor(properties).identity();
  if (id !== then) throw new AnotherEngineError(local, then, id);
}
