import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** When one RUN of a {@link timedRecipe} ran, in seconds since 1970. */
export interface TimedRun {
  /** Name of the log it is in. */
  log: string;
  from: number;
  to: number;
}

/**
 * A recipe whose only RUN takes so long, and writes when it began and ended.
 *
 * @param mark makes the RUN this recipe's own: BuildKit runs the same one only once
 */
export function timedRecipe(mark: string, seconds: number): string {
  return `FROM debian:bookworm-slim\nRUN : ${mark} && date +from=%s.%N && sleep ${seconds} && date +to=%s.%N\n`;
}

/** Every RUN of timed recipes in the logs of an artifact's folder of the store, rebuilds too, oldest first. */
export async function timedRuns(folder: string): Promise<TimedRun[]> {
  const names = (await readdir(folder)).filter((name) => /\.(?:build|verify)\.log$/.test(name));
  const runs = await Promise.all(
    names.map(async (log) => {
      const text = await readFile(join(folder, log), "utf8");
      const at = (word: string): number =>
        Number(new RegExp(`^#\\d+ [\\d.]+ ${word}=([\\d.]+)$`, "m").exec(text)?.[1] ?? NaN);
      return { log, from: at("from"), to: at("to") };
    }),
  );
  const unclear = runs.filter(({ from, to }) => !(from < to));
  if (unclear.length > 0) throw new Error(`no times in ${unclear.map(({ log }) => log).join(", ")}`);
  return runs.sort((a, b) => a.from - b.from);
}

/** The most runs that ran at the same moment. */
export function mostAtOnce(runs: readonly TimedRun[]): number {
  return Math.max(
    0,
    ...runs.map(({ from }) => runs.filter((other) => other.from <= from && from < other.to).length),
  );
}
