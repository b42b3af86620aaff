import { lastBuild, TITLE } from "../roundtrip/failed-step";
import { readStepTitle } from "../../recipe/apt-records/step-title";

/** How many steps of a build came from the cache. */
export interface CachedSteps {
  steps: number;
  cached: number;
  /** Whether a RUN is among them. */
  runs: boolean;
}

const CACHED = /^#([0-9]+) CACHED$/;

/**
 * Counts the steps of the last build in a log, without its base images. Only RUN, COPY, ADD and WORKDIR are steps to
 * BuildKit.
 */
export function cachedSteps(log: string): CachedSteps {
  const titles = new Map<string, string>();
  const cached = new Set<string>();
  for (const line of lastBuild(log)) {
    const [, number = "", title = ""] = TITLE.exec(line) ?? [];
    const text = readStepTitle(title)?.text ?? "";
    if (number !== "" && !/^FROM\b/i.test(text)) titles.set(number, text);
    const done = CACHED.exec(line)?.[1];
    if (done !== undefined) cached.add(done);
  }
  const from = [...titles].filter(([number]) => cached.has(number));
  return { steps: titles.size, cached: from.length, runs: from.some(([, text]) => /^RUN\b/i.test(text)) };
}

/** `14 of 16 steps from cache`. */
export function cacheWords({ steps, cached }: CachedSteps): string {
  return `${cached} of ${steps} step${steps === 1 ? "" : "s"} from cache`;
}
