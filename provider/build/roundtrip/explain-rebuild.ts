import { readFile } from "node:fs/promises";
import { BuildFailedError } from "../../engines/errors";
import type { Lock } from "../../packages/lock/types";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import type { BuildPaths } from "../../store/paths";
import { step, type Effects } from "./effects";
import { OutsideLockError, RebuildFailedError } from "./errors";
import { failedInstruction, type Place } from "./failed-instruction";
import { readBuildOutput } from "./failed-step";
import { hideSecrets } from "./hide-secrets";
import { failedPlace } from "./failed-words";
import { mayAskAgain, PIP_VERBOSE, type FirstBuild } from "./judge-pip";
import { outOfOrder, type Judgement } from "./judgement";
import { namesOutsideLock } from "./outside-lock";
import { judgeRebuildFailure } from "./rebuild-failure";
import { givenName, type BuildJob, type OpenBuild } from "./run-build";

/** A rebuild that failed. */
interface Failure {
  error: BuildFailedError;
  lock: Lock;
  paths: BuildPaths;
  /** The tag that the rebuild's image would have got. */
  tag: string;
}

/** A text of the store; null if it can't be read. */
const readText = (file: string): Promise<string | null> => readFile(file, "utf8").catch(() => null);

/** The recipe as the user wrote it. Null if it can't be read: then only the line is missing from the words. */
async function writtenRecipe(file: string): Promise<ParsedDockerfile | null> {
  const text = await readText(file);
  try {
    return text === null ? null : parseDockerfile(text);
  } catch {
    return null;
  }
}

/** A clipped log may lack the line that says that an index did not answer. */
const isClipped = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes("[output clipped, log limit"));

/**
 * Says why a rebuild failed, if that proves that the recipe can't be repeated from its lock.
 *
 * @returns a sentence for people, without its full stop
 * @throws {OutsideLockError | RebuildFailedError} when nothing is proven
 */
export async function explainRebuild(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  { error, lock, paths, tag }: Failure,
): Promise<string> {
  const { failed: found, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
  const failed = found === null ? null : await hideSecrets(found, job.plan.secrets);
  const outside = namesOutsideLock((failed?.lines ?? lines).join("\n"), lock);
  if (outside.length > 0) throw new OutsideLockError(outside, error.logFile);
  if (failed === null) throw error;
  const log = await readText(paths.buildLog);
  const first = log === null ? null : { log };
  const place = failedPlace(failed, job.recipe, await writtenRecipe(paths.rough), givenName);
  let judged = judgeRebuildFailure(failed, lines, first);
  if (place.built !== null && failed.exitCode === 1 && mayAskAgain(failed.lines, first)) {
    judged = (await askAgain(effects, job, open, tag, place.built, first)) ?? judged;
  }
  if (judged.answer === "gone") {
    return `the locked recipe can't be rebuilt, because of ${place.words}: ${judged.reason}`;
  }
  throw new RebuildFailedError(
    `${place.clause}, in the rebuild only`,
    `${judged.reason}; so nothing is proven about the recipe`,
    error.logFile,
  );
}

/**
 * Runs the failed step once more, with pip told to name the indexes that it asks. All steps before it come from the cache.
 * Null if that shows nothing more.
 */
async function askAgain(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  tag: string,
  place: Place,
  first: FirstBuild | null,
): Promise<Judgement | null> {
  const edit = (text: string): string => withArgument(text, place);
  try {
    await step(effects, job.plan.name, "second attempt", () => open.build(tag, null, true, edit));
  } catch (error) {
    if (!(error instanceof BuildFailedError)) throw error;
    const { failed: found, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
    if (found === null || isClipped(found.lines)) return null;
    const failed = await hideSecrets(found, job.plan.secrets);
    const again = failedInstruction(failed, job.recipe, givenName);
    if (again?.instruction !== place.instruction) return null;
    const judged = judgeRebuildFailure(failed, lines, first);
    return judged.answer === "can't tell" ? null : judged;
  }
  return outOfOrder(
    "the same command went well when it was run again, so an index was out of order for a time",
  );
}

/** Sets pip's variable for one RUN and what follows it in its stage. */
function withArgument(text: string, { stage, instruction }: Place): string {
  const parsed = parseDockerfile(text);
  const runs = ({ instructions }: Place["stage"]): Place["instruction"][] =>
    instructions.filter(({ keyword, onbuild }) => keyword === "RUN" && !onbuild);
  const target = runs(parsed.stages[stage.index] ?? stage)[runs(stage).indexOf(instruction)];
  if (target === undefined) return text;
  const lines = Object.entries(PIP_VERBOSE).map(([name, value]) => `ARG ${name}=${value}\n`);
  return text.slice(0, target.start) + lines.join("") + text.slice(target.start);
}
