import { homedir } from "node:os";
import { sep } from "node:path";
import { failureWords } from "./failure.mjs";

const NAME_WIDTH = 12;

/**
 * One line of the set-up: `set-up  pulumi CLI   found 3.220.0 in 0.01 s`.
 * @param {string} name what the line is about
 * @param {string} text what was done
 */
export function formatLine(name, text) {
  return `set-up  ${name.padEnd(NAME_WIDTH)} ${text}`;
}

/**
 * A duration as `0.02 s`, `3.1 s` or `131 s`.
 * @param {number} milliseconds
 */
export function formatSeconds(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/**
 * A path with the user's home folder written as `~`.
 * @param {string} path
 * @param {string} [home]
 */
export function tilde(path, home = homedir()) {
  if (path === home) return "~";
  return home.length > 1 && path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

/**
 * Runs one step and prints its line: what it did, how long it took, and a detail in brackets.
 * @template {{text: string, detail?: string}} T
 * @param {string} name
 * @param {(say: (text: string) => void) => Promise<T>} work `say` prints a line about what is under way
 * @param {(line: string) => void} [print]
 * @returns {Promise<T>}
 */
export async function step(name, work, print = console.log) {
  const started = performance.now();
  const result = await work((text) => print(formatLine(name, text)));
  const detail = result.detail ? ` (${result.detail})` : "";
  print(formatLine(name, `${result.text} in ${formatSeconds(performance.now() - started)}${detail}`));
  return result;
}

/**
 * Prints a failure: one line of the set-up with the sentence, then the evidence.
 * @param {unknown} error
 * @param {(line: string) => void} [print]
 */
export function printFailure(error, print = console.error) {
  const { sentence, evidence } = failureWords(error);
  [formatLine("failed", sentence), ...evidence].forEach((line) => print(line));
}
