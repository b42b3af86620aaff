import { availableParallelism } from "node:os";
import type { InputFailure } from "./failure";

/** The environment variable that limits how many builds of one process run at once. */
export const CONCURRENCY_VARIABLE = "VERIFIED_IMAGES_CONCURRENCY";
/** The same setting of a Pulumi stack. The environment variable takes precedence. */
export const CONCURRENCY_KEY = "verified-images:concurrency";

/** Half the cores, at least one. */
export function defaultConcurrency(cores: number): number {
  return Math.max(1, Math.floor(cores / 2));
}

/** How many builds may run at once, and what is wrong with the settings. */
export interface Concurrency {
  limit: number;
  failures: InputFailure[];
}

/**
 * Judges both settings. An empty one counts as absent. The default is {@link defaultConcurrency}.
 *
 * @param variable the value of the environment variable
 * @param configured the value in the stack's configuration
 * @param cores how many cores the machine has
 */
export function judgeConcurrency(
  variable: string | undefined,
  configured: string | undefined,
  cores: number,
): Concurrency {
  const failures: InputFailure[] = [];
  const limits: number[] = [];
  for (const [property, value] of [
    [CONCURRENCY_VARIABLE, variable],
    [CONCURRENCY_KEY, configured],
  ] as const) {
    const text = (value ?? "").trim();
    if (text === "") continue;
    if (/^0*[1-9][0-9]{0,5}$/.test(text)) limits.push(Number(text));
    else {
      failures.push({
        property,
        reason: `is ${JSON.stringify(text)}, which is no number of builds that can run at once; give a whole number of at least 1, or leave it out`,
      });
    }
  }
  return { limit: limits[0] ?? defaultConcurrency(cores), failures };
}

/** How many builds of this process may run at once, by the environment and this setting of the stack. */
export function concurrency(configured?: string): Concurrency {
  return judgeConcurrency(process.env[CONCURRENCY_VARIABLE], configured, availableParallelism());
}
