import { stepWords, type StepEvent } from "../../build/roundtrip/effects";
import type { RowLog } from "./row-log";

/** Milliseconds until a running step is shown again: 3 s at first, and longer the longer it has run. */
export function pause(elapsedMs: number): number {
  return Math.max(3_000, elapsedMs / 20);
}

/** A running step in words, such as `build 12 s`. */
export function runningWords(step: string, elapsedMs: number): string {
  return `${step} ${Math.round(elapsedMs / 1000)} s`;
}

/**
 * Reports steps on a resource's row: when a step begins, when it ends, and in between how long it has run.
 *
 * @param watched whether somebody may be looking; if not, the row is not repeated, because each repetition would be a line
 *   of a log
 */
export function rowSteps(
  log: RowLog,
  watched: boolean,
  pauseMs: (elapsedMs: number) => number = pause,
): (event: StepEvent) => void {
  let timer: NodeJS.Timeout | undefined;
  return (event) => {
    clearTimeout(timer);
    log.write("step", stepWords(event));
    if (event.phase !== "start" || !watched) return;
    const started = performance.now();
    const again = (): void => {
      const elapsed = performance.now() - started;
      log.show(runningWords(event.step, elapsed));
      wait(elapsed);
    };
    const wait = (elapsed: number): void => {
      timer = setTimeout(again, pauseMs(elapsed)).unref();
    };
    wait(0);
  };
}
