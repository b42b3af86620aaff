import { hideCredentials } from "../../base/words/credentials";
import type { Instruction, ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import type { FailedStep } from "./failed-step";
import { readStepTitle } from "../../recipe/apt-records/step-title";

/** An instruction in a recipe's text. */
export interface Place {
  stage: Stage;
  instruction: Instruction;
}

/** The instructions that BuildKit counts in a step's title. */
const COUNTED = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

const isCounted = ({ keyword, onbuild }: Instruction): boolean => !onbuild && COUNTED.has(keyword);
const squeezed = (text: string): string => text.replace(/\s+/g, "");

/** The command of BuildKit's error. Newer releases quote it as Go does. */
function commandOf(error: string): string {
  const quoted = /process "(.*)" did not complete/s.exec(error)?.[1];
  return quoted === undefined ? error : quoted.replace(/\\n|\\t|\\r/g, " ").replace(/\\(.)/g, "$1");
}

/** Whether the error is about this RUN: its shell text, or the words of its JSON form, are in the command. */
function isSaid(instruction: Instruction, command: string): boolean {
  if (instruction.keyword !== "RUN") return false;
  // Credentials are hidden in the log too.
  const text = squeezed(hideCredentials(instruction.exec?.join("") ?? instruction.args.text));
  return text !== "" && command.includes(text);
}

/**
 * Finds the instruction that a failed step ran, in the recipe that was built. Null if that can't be told, and for an
 * instruction that is none of the recipe's own, such as an ONBUILD of its base.
 *
 * A title says at which place of its stage a step stands. Two things shift that place: ONBUILD instructions come first,
 * and `WORKDIR /` is no step of its own. So of several RUNs with the same text the nearest one counts.
 *
 * @param given the name that a stage without one got for the build
 */
export function failedInstruction(
  { title, error, exitCode }: Pick<FailedStep, "title" | "error" | "exitCode">,
  built: ParsedDockerfile,
  given: (stage: Stage) => string,
): Place | null {
  const read = readStepTitle(title);
  const keyword = /^[A-Za-z]+/.exec(read?.text ?? "")?.[0].toUpperCase();
  if (read === null || keyword === undefined) return null;
  // A platform may stand before the name.
  const name = read.where.split(" ").findLast((word) => word !== "") ?? "";
  const names = (stage: Stage): string[] => [stage.name ?? given(stage), `stage-${stage.index}`];
  const stage =
    built.stages.length === 1 ? built.stages[0] : built.stages.find((one) => names(one).includes(name));
  if (stage === undefined) return null;
  const counted = stage.instructions.filter(isCounted);
  const before = Number(read.total) - counted.length;
  // Some releases count the base as a step, some builds don't have one.
  const at = Number(read.position) - Math.max(before, 0) - 1;
  const command = squeezed(hideCredentials(commandOf(error)));
  const alike = counted.filter(
    (one) => one.keyword === keyword && (exitCode === null || isSaid(one, command)),
  );
  const nearest = alike.sort(
    (a, b) => Math.abs(counted.indexOf(a) - at) - Math.abs(counted.indexOf(b) - at),
  )[0];
  const found = nearest ?? (counted[at]?.keyword === keyword ? counted[at] : undefined);
  return found === undefined ? null : { stage, instruction: found };
}

/**
 * The same instruction in the recipe without pins. The pins add stages before the first one, and no RUN, COPY, ADD or
 * WORKDIR to another stage. Null for a step of a stage that was added.
 */
export function writtenInstruction(
  { stage, instruction }: Place,
  built: ParsedDockerfile,
  written: ParsedDockerfile,
): Place | null {
  const own = written.stages[stage.index - (built.stages.length - written.stages.length)];
  const at = stage.instructions.filter(isCounted).indexOf(instruction);
  const found = own?.instructions.filter(isCounted)[at];
  return own === undefined || found === undefined || found.keyword !== instruction.keyword
    ? null
    : { stage: own, instruction: found };
}
