import type { Containers } from "../engine/containers";
import { dockerClient } from "../engine/docker/client";
import { dockerContainers } from "../engine/docker/containers";
import { resolveEndpoint } from "../engine/docker/endpoint";
import type { Engine } from "../engine/engine";
import { engineAt } from "../functions/effects";
import { concurrency, type Concurrency } from "../inputs/concurrency";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../inputs/image-inputs";
import { isUnknown } from "./unknowns";

/** A resource's inputs or state, as Pulumi hands them over. */
export type Properties = Record<string, unknown>;

/** What a check answers: inputs, possibly with additions, and all that is wrong with them. */
export interface CheckAnswer {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

/** Properties that Pulumi or this package adds to the user's inputs. */
const ADDED = ["__provider", "resourceUrn", "stackConcurrency", "recipeHash", "contextHash", "live"];

/** The user's own inputs. Pure. */
export function userInputs(properties: Readonly<Properties>): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !ADDED.includes(name)));
}

/** Inputs that are about one moment or one run. */
const PASSING = ["live", "stackConcurrency"];

/** What of the inputs goes into the state; what is about one moment or run stays out. Pure. */
export function echoed(inputs: Readonly<Properties>): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !PASSING.includes(name)));
}

/** How many builds may run at once, by the environment and the stack's configuration. */
export function stackConcurrency(inputs: Readonly<Properties>): Concurrency {
  const { stackConcurrency: configured } = inputs;
  return concurrency(typeof configured === "string" && !isUnknown(configured) ? configured : undefined);
}

const hostOf = (inputs: Readonly<Properties>): string | undefined =>
  isUnknown(inputs.host) ? undefined : ((inputs.host as string | null | undefined) ?? undefined);

/** The engine that a resource's inputs name. */
export function engineFor(inputs: Readonly<Properties>): Engine {
  const timeouts = isUnknown(inputs.timeouts)
    ? undefined
    : (inputs.timeouts as Partial<Timeouts> | undefined);
  return engineAt(hostOf(inputs), timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect);
}

const INSPECT_MS = DEFAULT_TIMEOUTS.inspect * 1000;

/** The containers of the engine that a resource's inputs name. */
export function containersFor(inputs: Readonly<Properties>): Containers {
  return dockerContainers(hostOf(inputs), INSPECT_MS);
}

/** Where that engine is. */
export function endpointFor(inputs: Readonly<Properties>): Promise<string> {
  const host = hostOf(inputs);
  return resolveEndpoint(dockerClient(host, INSPECT_MS), host);
}
