import { stepWords, type StepEvent } from "../../build/roundtrip/effects";
import type { RowLog } from "./row-log";

/**
 * Milliseconds until a step that has run so long is spoken of again: 3 s at first, less often as it grows old.
 */
export function pause(elapsedMs: number): number {
  return Math.max(3_000, elapsedMs / 20);
}

/** A step that is under way, in words: `build 12 s`. */
export function runningWords(step: string, elapsedMs: number): string {
  return `${step} ${Math.round(elapsedMs / 1000)} s`;
}

/**
 * Reports steps on a resource's row: each as it begins and ends, and in between with its running seconds.
 *
 * @param watched whether someone may be looking; in a log every repetition would be a line of its own
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
