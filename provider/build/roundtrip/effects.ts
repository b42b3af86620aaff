import type { BackgroundJob } from "../background/job";
import type { Engine } from "../../engines/engine";

/** A step of the round trip begins or ends. */
export interface StepEvent {
  layer: string;
  step: string;
  phase: "start" | "end" | "fail";
  /** Seconds since the step's start; 0 at the start. */
  seconds: number;
}

/** What the round trip asks of the world besides files. */
export interface Effects {
  engine: Engine;
  now(): Date;
  report(event: StepEvent): void;
  /** Says something that is kept; the place names the layer already. */
  warn(message: string): void;
  /** Says something about a layer that is no step and no warning. */
  note(layer: string, words: string): void;
  /** How many builds of this process may run at once. */
  concurrency: number;
  /** Starts a verification that outlives this process, and gives its process's number. */
  detach(job: BackgroundJob): Promise<number>;
  signal?: AbortSignal;
}

/** Runs one named step, reporting its start, its end and its duration. */
export async function step<T>(
  effects: Effects,
  layer: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = effects.now().getTime();
  const seconds = (): number => (effects.now().getTime() - started) / 1000;
  effects.signal?.throwIfAborted();
  effects.report({ layer, step: name, phase: "start", seconds: 0 });
  try {
    const result = await work();
    effects.report({ layer, step: name, phase: "end", seconds: seconds() });
    return result;
  } catch (error) {
    effects.report({ layer, step: name, phase: "fail", seconds: seconds() });
    throw error;
  }
}

/** A step event in words, for a place that names the resource already. Pure. */
export function stepWords(event: StepEvent): string {
  const { step: name, phase, seconds } = event;
  if (phase === "start") return `${name} ...`;
  return `${name} ${phase === "end" ? "done" : "FAILED"} after ${seconds.toFixed(1)} s`;
}

/** A step event in words, with its layer. Pure. */
export function stepLine(event: StepEvent): string {
  return `${event.layer}: ${stepWords(event)}`;
}
