import { readFile } from "node:fs/promises";
import { BuildFailedError } from "../../engines/errors";
import type { Lock } from "../../packages/lock/types";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import type { BuildPaths } from "../../store/paths";
import { editRuns } from "./edit-runs";
import { step, type Effects } from "./effects";
import { OutsideLockError, RebuildFailedError } from "./errors";
import { failedInstruction, type Place } from "./failed-instruction";
import { readBuildOutput, type FailedStep } from "./failed-step";
import { hideSecrets } from "./hide-secrets";
import { failedPlace, type FailedPlace } from "./failed-words";
import { isClipped, rebuildFreed, type FreedBuild } from "./free-rebuild";
import { mayAskAgain, PIP_VERBOSE, type FirstBuild } from "./judge-pip";
import { outOfOrder, type Judgement } from "./judgement";
import { debsOutsideLock, namesOutsideLock } from "./outside-lock";
import { pinConflict } from "./pin-conflict";
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

/** A rebuild that failed for its pins, and once more without those that it conflicts with. */
export interface Freed extends Pick<FreedBuild, "image" | "open"> {
  /** Why the rebuild can't be made with all pins; holds if what it is about differs. */
  reason: string;
  /** What it is about, as a drift names it. */
  names: string[];
  /** Says that nothing is proven; holds if nothing differs. Null: then everything is. */
  unproven: OutsideLockError | null;
}

/**
 * Says why a rebuild failed, if that proves that the recipe can't be repeated from its lock: in a sentence without its full
 * stop. If the pins of pip and npm conflict with what the recipe asks for now, the image that it gives without them is there
 * to be compared.
 *
 * @throws {OutsideLockError | RebuildFailedError} when nothing is proven
 */
export async function explainRebuild(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  { error, lock, paths, tag }: Failure,
): Promise<string | Freed> {
  const { failed: found, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
  const failed = found === null ? null : await hideSecrets(found, job.plan.secrets);
  const printed = failed?.lines ?? lines;
  const outside = namesOutsideLock(printed.join("\n"), lock);
  const unproven = new OutsideLockError(outside, error.logFile);
  const debs = debsOutsideLock(printed.join("\n"), lock);
  const log = await readText(paths.buildLog);
  const first = log === null ? null : { log };
  const written = await writtenRecipe(paths.rough);
  const placeOf = (step: FailedStep): FailedPlace => failedPlace(step, job.recipe, written, givenName);
  const conflict = failed === null || debs.length > 0 ? null : pinConflict(failed.lines, lock);
  if (failed !== null && conflict !== null) {
    const place = placeOf(failed);
    const freed =
      place.built === null
        ? null
        : await rebuildFreed(effects, job, open, { tag, lock, first, place: place.built, conflict });
    if (freed !== null && "image" in freed) {
      const missing = freed.conflicts.flatMap((one) => one.outside);
      return {
        image: freed.image,
        open: freed.open,
        reason: cantBeRebuilt(place, conflict.words),
        names: freed.conflicts.flatMap(({ names }) => names),
        unproven:
          missing.length === 0 ? null : new OutsideLockError([...new Set(missing)].sort(), error.logFile),
      };
    }
    if (freed !== null) {
      const judged = judgeRebuildFailure(freed.failed, freed.lines, first);
      if (judged.answer === "gone") return cantBeRebuilt(placeOf(freed.failed), judged.reason);
    }
  }
  if (outside.length > 0) throw unproven;
  if (failed === null) throw error;
  const place = placeOf(failed);
  let judged = judgeRebuildFailure(failed, lines, first);
  if (place.built !== null && failed.exitCode === 1 && mayAskAgain(failed.lines, first)) {
    judged = (await askAgain(effects, job, open, tag, place.built, first)) ?? judged;
  }
  if (judged.answer === "gone") return cantBeRebuilt(place, judged.reason);
  throw new RebuildFailedError(
    `${place.clause}, in the rebuild only`,
    `${judged.reason}; so nothing is proven about the recipe`,
    error.logFile,
  );
}

const cantBeRebuilt = ({ words }: FailedPlace, why: string): string =>
  `the locked recipe can't be rebuilt, because of ${words}: ${why}`;

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
  const edit = (text: string): string => editRuns(text, [{ place, variables: PIP_VERBOSE }]);
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
