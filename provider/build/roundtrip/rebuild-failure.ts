import type { FailedStep } from "./failed-step";
import { judgeApt } from "./judge-apt";
import { judgeNpm, npmFailedAt } from "./judge-npm";
import { judgePip, pipFailedAt, type FirstBuild } from "./judge-pip";
import { cantTell, outOfOrder, said, type Judgement } from "./judgement";
import { UNREACHABLE } from "./unreachable";

/** What the package tools exit with when they say that something can't be had. */
const EXITS = { apt: 100, other: 1 };

/**
 * Decides what a failed rebuild shows. `gone` takes all of these: the build ended in a step with a package tool's exit code,
 * the tool itself says in that step that a locked version is gone or conflicts, and that package's own index answered.
 *
 * @param failed the step that ended the build; null: it was no step of the recipe
 * @param all what all steps of the build printed
 * @param first the first build, in which the same step went well; null: it is not known
 */
export function judgeRebuildFailure(
  failed: FailedStep | null,
  all: readonly string[],
  first: FirstBuild | null,
): Judgement {
  if (failed === null || failed.exitCode === null) {
    return cantTell("the build was not ended by a command of the recipe");
  }
  const { lines, exitCode } = failed;
  const full = lines.filter((line) => /No space left on device|Cannot allocate memory/i.test(line));
  if (full.length > 0) return outOfOrder(`the machine is short of space or memory: ${said(full)}`);
  const judged =
    exitCode === EXITS.apt
      ? judgeApt(lines, all)
      : exitCode === EXITS.other
        ? // The tool that spoke last is the one that failed.
          npmFailedAt(lines) > pipFailedAt(lines)
          ? judgeNpm(lines)
          : judgePip(lines, first)
        : null;
  if (judged !== null) return judged;
  const trouble = lines.filter((line) => UNREACHABLE.some((sign) => sign.test(line)));
  if (trouble.length > 0) return outOfOrder(`something could not be reached: ${said(trouble.slice(0, 2))}`);
  return cantTell("nothing that it printed shows that a locked package is gone");
}
