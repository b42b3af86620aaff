import { spawnVerification } from "../background/spawn";
import { apptainerEngine } from "../../engines/apptainer/engine";
import { registryAt } from "../../engines/registry/registry-at";
import { dockerEngine } from "../../engines/docker/engine";
import type { Engine } from "../../engines/engine";
import { identityOnce } from "../../engines/identity-once";
import { hideCredentials } from "../../base/words/credentials";
import { visibleLines } from "../../base/words/visible";
import { concurrency } from "../../inputs/concurrency";
import { InputError } from "../../inputs/failure";
import type { SifEffects } from "../apptainer/effects";
import { stepLine, type Effects } from "../roundtrip/effects";
import { FROM_DISK } from "../roundtrip/source";

/**
 * How many builds may run at once, as set in the environment.
 *
 * @throws {InputError} when the environment sets something that is no number
 */
export function allowedConcurrency(): number {
  const { limit, failures } = concurrency();
  if (failures.length > 0) throw new InputError(failures);
  return limit;
}

/**
 * The engine at a host, for one operation.
 *
 * @param inspectSeconds limit for each question to it
 * @param builder the buildx builder for its builds; left out: the one that is selected
 */
export function engineAt(
  host: string | null | undefined,
  inspectSeconds: number,
  builder?: string | null,
): Engine {
  return identityOnce(dockerEngine(host ?? undefined, inspectSeconds * 1000, builder ?? undefined));
}

/** Effects for use outside Pulumi: steps and warnings go to standard error. */
export function consoleEffects(engine: Engine, name: string, limit: number, signal?: AbortSignal): Effects {
  return {
    engine,
    reader: FROM_DISK,
    now: () => new Date(),
    report: (event) => console.error(visibleLines(stepLine(event))),
    warn: (message) => console.error(visibleLines(hideCredentials(`warning: ${name}: ${message}`))),
    note: (name, words) => console.error(visibleLines(hideCredentials(`${name}: ${words}`))),
    concurrency: limit,
    detach: spawnVerification,
    signal,
  };
}

/** The same effects for images that are files: with Apptainer, and without asking Docker. */
export function sifEffects(effects: Effects, inspectSeconds: number): SifEffects {
  return { ...effects, engine: apptainerEngine(), registry: registryAt(inspectSeconds) };
}
