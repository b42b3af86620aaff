import { SetupError } from "./failure.mjs";

/** One line of the set-up: `set-up  pulumi CLI   found 3.220.0 in 0.01 s`. @param {string} name @param {string} text */
export const formatLine = (name, text) => `set-up  ${name.padEnd(12)} ${text}`;

/** A duration as `0.02 s`, `3.1 s` or `131 s`. @param {number} milliseconds */
export function formatSeconds(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/**
 * Runs one step and prints its line: what it did, how long it took, and a detail in brackets.
 * @type {<T extends Outcome>(name: string, work: (say: Say) => Promise<T>, print?: Say) => Promise<T>}
 */
export async function step(name, work, print = console.log) {
  const started = performance.now();
  const result = await work((text) => print(formatLine(name, text)));
  const detail = result.detail ? ` (${result.detail})` : "";
  print(formatLine(name, `${result.text} in ${formatSeconds(performance.now() - started)}${detail}`));
  return result;
}

/**
 * Prints a failure: its sentence, then the last lines and the path of the log. An error that is no SetupError keeps its
 * stack, because it is a defect.
 * @type {(error: unknown, print?: Say) => void}
 */
export function printFailure(error, print = console.error) {
  const isOurs = error instanceof SetupError;
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  print(formatLine("failed", isOurs ? error.message : words));
  if (!isOurs) return;
  for (const line of error.lastLines) print(`    ${line}`);
  if (error.log) print(`    full log: ${error.log}`);
}
