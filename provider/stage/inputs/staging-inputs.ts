import type { ComposeSettings } from "../compose-release";
import { shellQuote } from "../../base/ssh/shell-quote";
import { checkShapes } from "../../inputs/check-shapes";
import type { InputFailure } from "../../inputs/failure";
import { stagingCollisions } from "./staging-collisions";
import { checkOutOfReach } from "./staging-reach";
import { destination, STAGING_SHAPES } from "./staging-shapes";

/** What a staged release has to know before anything is touched. */
export interface StagingInputs {
  /** The staging container's name. */
  name: string;
  /** The port that staging listens on, on the engine's host. */
  port: number;
  /** The port inside the container; with compose the file says it. */
  containerPort?: number;
  /** Path that is asked for health. */
  healthPath: string;
  /** Seconds in which the fresh container has to be healthy. */
  healthTimeout: number;
  /** Text for `sh -c`. */
  checkCommand: string;
  /** Seconds in which the check has to end. */
  checkTimeout: number;
  /** Where staging can be reached from here; default: by the engine's endpoint. */
  address?: string;
  /** Where the check runs; default: here. */
  checkSsh?: string | { host: string; user?: string; port?: number; hostKey: string };
  /** What must not be touched. */
  production: { name?: string; port?: number };
  host?: string;
  /** The service of a compose file that the release runs in; the work tree comes with it. */
  compose?: ComposeSettings;
}

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

/** A path as `StagedRelease` has it; what comes after its first part stays. */
function shown(path: string, separator: string): string {
  const [first = "", ...others] = path.split(separator);
  return [SHOWN[first] ?? first, ...others].join(separator);
}
