import type { BackgroundJob } from "../background/job";
import type { Engine } from "../../engines/engine";
import type { Reader } from "./source";

/** A step of the round trip begins or ends. */
export interface StepEvent {
  name: string;
  step: string;
  phase: "start" | "end" | "fail";
  /** Seconds since the step's start; 0 at the start. */
  seconds: number;
}

/** Everything that the round trip needs from outside, apart from the store's files. */
export interface Effects {
  engine: Engine;
  reader: Reader;
  now(): Date;
  report(event: StepEvent): void;
  /** Prints a warning. The receiver adds the artifact's name. */
  warn(message: string): void;
  /** Prints a line about an artifact that is neither a step nor a warning. */
  note(name: string, words: string): void;
  /** Prints a line that stays, such as what was written. Default: as a note. */
  tell?: (words: string) => void;
  /** The resource whose state will have the build, and the build of it that it has before; left out outside Pulumi. */
  holder?: { urn: string; before: string | null };
  /** How many builds of this process may run at once. */
  concurrency: number;
  /** Starts a verification that outlives this process, and returns its process ID. */
  detach(job: BackgroundJob): Promise<number>;
  signal?: AbortSignal;
  /**
   * Asked once after the build: whether the work tree that the revision was read from is still the same. A sentence says
   * what moved; null: nothing did. Left out: the image has no revision of a work tree.
   */
  moved?: () => Promise<string | null>;
}

/** Runs one named step, reporting its start, its end and its duration. */
export async function step<T>(
  effects: Pick<Effects, "now" | "signal" | "report">,
  name: string,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = effects.now().getTime();
  const seconds = (): number => (effects.now().getTime() - started) / 1000;
  effects.signal?.throwIfAborted();
  effects.report({ name, step: title, phase: "start", seconds: 0 });
  try {
    const result = await work();
    effects.report({ name, step: title, phase: "end", seconds: seconds() });
    return result;
  } catch (error) {
    effects.report({ name, step: title, phase: "fail", seconds: seconds() });
    throw error;
  }
}

/** A step event in words, without its artifact. */
export function stepWords(event: StepEvent): string {
  const { step: name, phase, seconds } = event;
  if (phase === "start") return `${name} ...`;
  return `${name} ${phase === "end" ? "done" : "FAILED"} after ${seconds.toFixed(1)} s`;
}

/** A step event in words, with its artifact. */
export function stepLine(event: StepEvent): string {
  return `${event.name}: ${stepWords(event)}`;
}
