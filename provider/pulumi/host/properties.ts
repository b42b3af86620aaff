import { z } from "zod";
import type { Compose } from "../../engines/compose";
import type { Containers } from "../../engines/containers";
import { dockerClient } from "../../engines/docker/client";
import { dockerCompose } from "../../engines/docker/compose";
import { dockerContainers } from "../../engines/docker/containers";
import { resolveEndpoint } from "../../engines/docker/resolve-endpoint";
import type { Engine } from "../../engines/engine";
import { engineAt } from "../../build/functions/effects";
import { concurrency, type Concurrency } from "../../inputs/concurrency";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";
import { isUnknown } from "./unknowns";

/** A resource's inputs or state, as Pulumi passes them. */
export type Properties = Record<string, unknown>;

/** The result of a check: the inputs, possibly with additions, and everything that is wrong with them. */
export interface CheckAnswer {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

/** Properties that Pulumi or this package adds to the user's inputs. */
const ADDED = [
  "__provider",
  "resourceUrn",
  "stackConcurrency",
  "readFrom",
  "ignored",
  "secretInputs",
  "recipeHash",
  "contextHash",
  "live",
  "lockState",
  "committedLockHash",
  "spentReasons",
  "engineId",
  "engineStore",
  "promotes",
  "promotesId",
];

/** The user's own inputs. */
export function userInputs(properties: Readonly<Properties>): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !ADDED.includes(name)));
}

/** Inputs that are only about the present run. */
const RUN_ONLY = ["live", "lockState", "promotes", "promotesId", "stackConcurrency", "readFrom", "ignored"];

/** The inputs that go into the state: all but those about the present run. */
export function echoed(inputs: Readonly<Properties>): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !RUN_ONLY.includes(name)));
}

/** The same without a container's environment, which Pulumi would otherwise show again among the outputs. */
export function withoutEnv(inputs: Readonly<Properties>): Properties {
  return Object.fromEntries(Object.entries(echoed(inputs)).filter(([name]) => name !== "env"));
}

/** How many builds may run at once, from the environment or the stack's configuration. */
export function stackConcurrency(inputs: Readonly<Properties>): Concurrency {
  const { stackConcurrency: configured } = inputs;
  return concurrency(typeof configured === "string" && !isUnknown(configured) ? configured : undefined);
}

const nameOf = (value: unknown): string | undefined =>
  typeof value === "string" && !isUnknown(value) ? value : undefined;

const hostOf = ({ host }: Readonly<Properties>): string | undefined => nameOf(host);

const WITH_LIMIT = z.object({ inspect: z.number() });

/** Limit for one question to the engine, in seconds. */
function inspectSeconds({ timeouts }: Readonly<Properties>): number {
  return WITH_LIMIT.safeParse(timeouts).data?.inspect ?? DEFAULT_TIMEOUTS.inspect;
}

/** The engine that a resource's inputs name. */
export function engineFor(inputs: Readonly<Properties>): Engine {
  return engineAt(hostOf(inputs), inspectSeconds(inputs), nameOf(inputs.builder));
}

/** The containers of the engine that a resource's inputs name. */
export function containersFor(inputs: Readonly<Properties>): Containers {
  return dockerContainers(hostOf(inputs), inspectSeconds(inputs) * 1000);
}

/** `docker compose` on the engine that a resource's inputs name. */
export function composeFor(inputs: Readonly<Properties>): Compose {
  return dockerCompose(hostOf(inputs), inspectSeconds(inputs) * 1000);
}

/** The endpoint of the engine that a resource's inputs name. */
export function endpointFor(inputs: Readonly<Properties>): Promise<string> {
  const host = hostOf(inputs);
  return resolveEndpoint(dockerClient(host, inspectSeconds(inputs) * 1000), host);
}
