import { shellQuote } from "../../base/ssh/shell-quote";
import { checkShapes } from "../../inputs/check-shapes";
import { InputError, type InputFailure } from "../../inputs/failure";
import { stagingCollisions } from "./staging-collisions";
import { checkOutOfReach } from "./staging-reach";
import { destination, STAGING_SHAPES, stagingSchema, type StagingInputs } from "./staging-shapes";

export type { StagingInputs } from "./staging-shapes";

/** Where the inputs stand in the arguments of `StagedRelease`. */
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

/** What one string can hold for a program that is started, in bytes: less than the 128 KiB of Linux (execve(2)). */
const MOST_QUOTED = 120_000;

/** Quoted for the other side's shell a command is longer; in bytes, it has to fit into one string all the same. */
function tooLongOverSsh({ checkSsh, checkCommand }: Readonly<Record<string, unknown>>): InputFailure[] {
  if (typeof checkSsh !== "string" || typeof checkCommand !== "string" || checkCommand.includes("\0"))
    return [];
  if (Buffer.byteLength(shellQuote(checkCommand)) <= MOST_QUOTED) return [];
  const reason = `is longer than ${MOST_QUOTED} bytes when it is quoted for ssh; put it into a script on that host`;
  return [{ property: "checkCommand", reason }];
}

/**
 * Everything that is wrong with a staged release's inputs, at once; properties as `StagedRelease` names them.
 *
 * @param later tells values that are not known yet
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
    // Not known yet is not left out.
    ...(later(inputs.address) ? [] : checkOutOfReach(known)),
    ...tooLongOverSsh(known),
  ].map(
    // A failure that names no property has its path in the words.
    ({ property, reason }) =>
      property === "" ? { property, reason: shown(reason, " ") } : { property: shown(property, "."), reason },
  );
}

/**
 * The inputs of a release whose values are all known.
 *
 * @throws {InputError} naming everything that is wrong
 */
export function stagingInputs(given: Readonly<Record<string, unknown>>): StagingInputs {
  const failures = checkStagingInputs(given, () => false);
  if (failures.length > 0) throw new InputError(failures);
  return stagingSchema.parse(given);
}

/** A path as `StagedRelease` has it; what comes after its first part stays. */
function shown(path: string, separator: string): string {
  const [first = "", ...others] = path.split(separator);
  return [SHOWN[first] ?? first, ...others].join(separator);
}
