import { shellQuote } from "../../base/ssh/shell-quote";
import { checkShapes } from "../../inputs/check-shapes";
import { InputError, type InputFailure } from "../../inputs/failure";
import { stagingCollisions } from "./staging-collisions";
import { checkOutOfReach } from "./staging-reach";
import { destination, STAGING_SHAPES, stagingSchema, type StagingInputs } from "./staging-shapes";

export type { StagingInputs } from "./staging-shapes";

/** Input -> its path in the arguments of `StagedRelease`. */
const SHOWN: Record<string, string> = {
  name: "staging.name",
  port: "staging.port",
  containerPort: "staging.containerPort",
  healthPath: "staging.healthPath",
  healthTimeout: "staging.healthTimeout",
  checkCommand: "check.command",
  checkTimeout: "check.timeout",
  address: "staging.address",
  checkSsh: "check.ssh",
  host: "image.host",
  compose: "staging.compose",
};

const REQUIRED = {
  name: "is missing; name the staging container",
  port: "is missing; give the port that staging listens on",
  checkCommand: "is missing; give the command that decides whether staging is good",
};

/** The limit for one argument of a program, in bytes; a little below the 128 KiB of Linux (execve(2)). */
const MOST_QUOTED = 120_000;

/** A command is quoted for the remote shell, which makes it longer. It must still fit into one argument. */
function tooLongOverSsh({ checkSsh, checkCommand }: Readonly<Record<string, unknown>>): InputFailure[] {
  if (typeof checkSsh !== "string" || typeof checkCommand !== "string" || checkCommand.includes("\0"))
    return [];
  if (Buffer.byteLength(shellQuote(checkCommand)) <= MOST_QUOTED) return [];
  const reason = `is longer than ${MOST_QUOTED} bytes when it is quoted for ssh; put it into a script on that host`;
  return [{ property: "checkCommand", reason }];
}

/**
 * Everything that is wrong with a staged release's inputs, at once. Property names are those of `StagedRelease`.
 *
 * @param later says whether a value is not known yet
 */
export function checkStagingInputs(
  inputs: Readonly<Record<string, unknown>>,
  later: (value: unknown) => boolean,
): InputFailure[] {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !later(value)));
  const shapes =
    typeof inputs.checkSsh === "string" ? { ...STAGING_SHAPES, checkSsh: destination } : STAGING_SHAPES;
  return [
    ...checkShapes(inputs, shapes, REQUIRED, later),
    ...stagingCollisions(known),
    // An address that is not known yet is not a missing one.
    ...(later(inputs.address) ? [] : checkOutOfReach(known)),
    ...tooLongOverSsh(known),
  ].map(
    // A failure without a property has its path in the reason's first word.
    ({ property, reason }) =>
      property === "" ? { property, reason: shown(reason, " ") } : { property: shown(property, "."), reason },
  );
}

/**
 * Reads the inputs of a release once all values are known.
 *
 * @throws {InputError} naming everything that is wrong
 */
export function stagingInputs(given: Readonly<Record<string, unknown>>): StagingInputs {
  const failures = checkStagingInputs(given, () => false);
  if (failures.length > 0) throw new InputError(failures);
  return stagingSchema.parse(given);
}

/** A path with its first part renamed as in `StagedRelease`. */
function shown(path: string, separator: string): string {
  const [first = "", ...others] = path.split(separator);
  return [SHOWN[first] ?? first, ...others].join(separator);
}
