import { VerifiedImagesError } from "../base/errors/base";

/** How many characters of a red step's output its error repeats. */
export const TAIL_CHARACTERS = 200;

/** A staged release can't begin, because a name or a port is taken. */
export class StagingBlockedError extends VerifiedImagesError {
  constructor(message: string) {
    super("staging-blocked", message);
  }
}

/** The engine's endpoint does not say on which host staging is reached. */
export class StagingUnlocatedError extends VerifiedImagesError {
  constructor(readonly endpoint: string) {
    super(
      "staging-unlocated",
      `can't tell at which host staging answers: the engine's endpoint "${endpoint}" names none; give staging.address`,
    );
  }
}

/** The steps of a staged release that can go red. */
export type RedStep = "build" | "create" | "start" | "health" | "check" | "gate" | "tag";

/** A staged release went red. Nothing was promoted; `aftermath` says what staging runs now. */
export class StagingRedError extends VerifiedImagesError {
  constructor(
    readonly step: RedStep,
    detail: string,
    readonly aftermath: string,
    /** The end of what the step, or the container, printed; at most 200 characters. */
    readonly output: string,
    options?: { cause?: unknown },
  ) {
    super("staging-red", redMessage(step, detail, aftermath, output), options);
  }
}

/** The message of a red step. */
export function redMessage(step: RedStep, detail: string, aftermath: string, output: string): string {
  const said = output === "" ? "" : `; the end of its output: ${output}`;
  return `staging is red (${step}): ${detail}; nothing was promoted; ${aftermath}${said}`;
}
