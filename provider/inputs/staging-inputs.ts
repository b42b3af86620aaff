import { z } from "zod";
import { nameAside } from "../staging/release";
import { checkShapes } from "./check-shapes";
import type { InputFailure } from "./failure";
import { host, seconds } from "./shapes";

/** What a staged release has to know before anything is touched. */
export interface StagingInputs {
  /** The staging container's name. */
  name: string;
  /** The port that staging listens on, on the engine's host. */
  port: number;
  /** The port inside the container. */
  containerPort: number;
  /** Path that is asked for health. */
  healthPath: string;
  /** Seconds in which the fresh container has to be healthy. */
  healthTimeout: number;
  /** Text for `sh -c`. */
  checkCommand: string;
  /** Seconds in which the check has to end. */
  checkTimeout: number;
  /** What must not be touched. */
  production: { name?: string; port?: number };
  host?: string;
}

/** Names that Docker takes for containers. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;
const MOST_PORT = 65_535;

/** The longest string that Linux hands to a program is 128 KiB (execve(2)). */
const MOST_COMMAND = 100_000;

const containerName = z
  .string({ error: "expected a container's name" })
  .regex(
    CONTAINER_NAME,
    "expected a container's name: letters, digits, '_', '.' and '-', at least two of them",
  );
const port = z
  .number({ error: "expected a port number" })
  .int("expected a port number")
  .min(1, "expected a port between 1 and 65535")
  .max(MOST_PORT, "expected a port between 1 and 65535");

const SHAPES: Record<string, z.ZodType> = {
  name: containerName,
  port,
  containerPort: port,
  healthPath: z
    .string({ error: "expected a path such as /health" })
    .regex(/^\/[^\s#]*$/, "expected a path that begins with '/', such as /health"),
  healthTimeout: seconds,
  checkCommand: z
    .string({ error: "expected a shell command" })
    .max(MOST_COMMAND, `is longer than ${MOST_COMMAND} characters; put it into a script`)
    .refine((text) => text.trim() !== "", "is empty; a staged release needs a command that decides"),
  checkTimeout: seconds,
  production: z.object({ name: containerName.nullish(), port: port.nullish() }),
  host,
};

/** Where the inputs stand in the arguments of `StagedRelease`. */
const SHOWN: Record<string, string> = {
  name: "staging.name",
  port: "staging.port",
  containerPort: "staging.containerPort",
  healthPath: "staging.healthPath",
  healthTimeout: "staging.healthTimeout",
  checkCommand: "check.command",
  checkTimeout: "check.timeout",
  host: "image.host",
};

const REQUIRED = {
  name: "is missing; name the staging container",
  port: "is missing; give the port that staging listens on",
  checkCommand: "is missing; give the command that decides whether staging is good",
};

/** Staging must never take what is production's; inputs less what is not known yet. Pure. */
function collisions(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  const production = (inputs.production ?? {}) as { name?: unknown; port?: unknown };
  const failures: InputFailure[] = [];
  const { name, port: own } = inputs;
  if (typeof name === "string" && typeof production.name === "string") {
    if (name === production.name) {
      failures.push({
        property: "name",
        reason: `${name} is production's name; staging needs one of its own`,
      });
    } else if (nameAside(name) === production.name || nameAside(production.name) === name) {
      failures.push({
        property: "name",
        reason: `a release keeps what ran before as ${nameAside(name)}, which is too near to production's ${production.name}`,
      });
    }
  }
  if (typeof own === "number" && own === production.port) {
    failures.push({
      property: "port",
      reason: `${own} is production's port; staging needs one of its own`,
    });
  }
  return failures;
}

/**
 * Everything that is wrong with a staged release's inputs, at once; properties as `StagedRelease` names them. Pure.
 *
 * @param later tells values that are not known yet
 */
export function checkStagingInputs(
  inputs: Readonly<Record<string, unknown>>,
  later: (value: unknown) => boolean,
): InputFailure[] {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !later(value)));
  return [...checkShapes(inputs, SHAPES, REQUIRED, later), ...collisions(known)].map(
    ({ property, reason }) => ({
      property: SHOWN[property] ?? property,
      reason,
    }),
  );
}
