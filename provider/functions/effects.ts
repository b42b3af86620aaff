import { dockerEngine } from "../engine/docker/engine";
import type { Engine } from "../engine/engine";
import { stepLine, type Effects } from "../roundtrip/effects";

/** The engine at a host, with its limit for questions in seconds. */
export function engineAt(host: string | null | undefined, inspectSeconds: number): Engine {
  return dockerEngine(host ?? undefined, inspectSeconds * 1000);
}

/** Effects for use outside Pulumi: steps and warnings go to standard error. */
export function consoleEffects(engine: Engine, signal?: AbortSignal): Effects {
  return {
    engine,
    now: () => new Date(),
    report: (event) => console.error(stepLine(event)),
    warn: (message) => console.error(`warning: ${message}`),
    signal,
  };
}
