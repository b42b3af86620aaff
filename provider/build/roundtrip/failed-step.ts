import { BUILD_BEGINS } from "../../engines/engine";

/** The step that ended a build. */
export interface FailedStep {
  /** What its command printed. */
  lines: string[];
  /** null: it was not a command that failed, but for example a COPY. */
  exitCode: number | null;
  /** As BuildKit calls it: `[build 2/3] RUN make`. Empty if the log does not say. */
  title: string;
  /** BuildKit's error, with the command as it was run. */
  error: string;
}

/** What one build printed, read from BuildKit's plain progress. */
export interface BuildOutput {
  /** Every line that a step's command printed, without BuildKit's own prefix. */
  lines: string[];
  /** null: the build was ended otherwise than by a step that failed. */
  failed: FailedStep | null;
}

/** `#8 1.234 text`: the command of step 8 printed this after 1.234 seconds. */
const OUTPUT = /^#([0-9]+) [0-9]+\.[0-9]+ (.*)$/;
const ERROR = /^#([0-9]+) ERROR: /;
/** `#8 [build 2/3] RUN make`: the number and the title of a step. */
export const TITLE = /^#([0-9]+) (\[[^\]]*[0-9]\/[0-9]+\] .*)$/;

/** What the commands of a log's first build printed, step by step. */
export function stepsOf(log: string): { title: string; lines: string[] }[] {
  const all = log.split(/\r?\n/);
  const first = all.indexOf(BUILD_BEGINS);
  const next = all.indexOf(BUILD_BEGINS, first + 1);
  const steps = new Map<string, { title: string; lines: string[] }>();
  for (const line of all.slice(Math.max(first, 0), next === -1 ? undefined : next)) {
    const [, titled = "", title = ""] = TITLE.exec(line) ?? [];
    if (titled !== "") steps.set(titled, { title, lines: steps.get(titled)?.lines ?? [] });
    const [, step = "", text = ""] = OUTPUT.exec(line) ?? [];
    steps.get(step)?.lines.push(text);
  }
  return [...steps.values()];
}

/**
 * The last build in a log. Every attempt appends to the log, and counts its steps from 1 in the order in which BuildKit
 * happens to name them: on a busy machine any step can be the first.
 */
export function lastBuild(log: string): string[] {
  const lines = log.split(/\r?\n/);
  return lines.slice(Math.max(lines.lastIndexOf(BUILD_BEGINS), 0));
}

/**
 * Reads the last build of a log. Only what commands printed counts. The title of a step and its error repeat text of the
 * recipe, which could say anything.
 */
export function readBuildOutput(log: string): BuildOutput {
  const all = lastBuild(log);
  const printed = all.flatMap((line) => {
    const match = OUTPUT.exec(line);
    return match === null ? [] : [{ step: match[1], text: match[2] ?? "" }];
  });
  const lines = printed.map(({ text }) => text);
  const titles = new Map<string, string>();
  let other: FailedStep | null = null;
  for (const [at, line] of all.entries()) {
    const [, titled = "", title = ""] = TITLE.exec(line) ?? [];
    if (title !== "") titles.set(titled, title);
    const step = ERROR.exec(line)?.[1];
    if (step === undefined) continue;
    // The error repeats the command, which may have several lines; the exit code is at the error's end.
    const length = all.slice(at + 1).findIndex((next) => /^(?:#[0-9]+ |-{6}|$)/.test(next));
    const error = all.slice(at, length === -1 ? undefined : at + 1 + length).join("\n");
    const code = /: exit code: ([0-9]+)$/.exec(error)?.[1];
    const own = printed.filter((entry) => entry.step === step).map(({ text }) => text);
    const failed = { lines: own, exitCode: null, title: titles.get(step) ?? "", error };
    if (code !== undefined) return { lines, failed: { ...failed, exitCode: Number(code) } };
    if (failed.title !== "" && !/context canceled$/.test(error)) other ??= failed;
  }
  return { lines, failed: other };
}
