import { dockerClient } from "../engines/docker/client";
import { isLocalEndpoint, withoutUserinfo } from "../engines/docker/endpoint";
import { resolveEndpoint } from "../engines/docker/resolve-endpoint";
import { DEFAULT_TIMEOUTS } from "../inputs/timeouts";
import { run } from "../base/process/run";
import { NO_QUESTIONS } from "../base/ssh/environment";
import { parseDestination } from "../base/ssh/destination";
import { StagingUnlocatedError } from "./errors";

/** Where a container's published ports are from the engine's own host. */
const LOOPBACK = "127.0.0.1";

/** Milliseconds for `ssh -G`, which connects to nobody. */
const CONFIGURATION_MS = 15_000;

/** What stands in an endpoint as the host: an alias of the ssh configuration, or an address. */
type EndpointHost = { address: string } | { alias: string };

/** The host that an endpoint names; null for one that names none. */
export function hostOfEndpoint(endpoint: string): EndpointHost | null {
  if (isLocalEndpoint(endpoint)) return { address: LOOPBACK };
  if (endpoint.startsWith("ssh://")) {
    const read = parseDestination(endpoint, true);
    return "refused" in read ? null : { alias: read.host };
  }
  const host = /^(?:tcp|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(endpoint)?.[1];
  return host === undefined ? null : { address: host.replace(/^\[|\]$/g, "") };
}

/** The host that ssh would connect to, from what `ssh -G` prints; null when it names none. */
export function hostnameOf(configuration: string): string | null {
  return /^hostname (\S+)$/m.exec(configuration)?.[1] ?? null;
}

/** `http://<host>:<port>`, with the brackets that an IPv6 address needs. */
export function baseUrl(address: string, port: number): string {
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * Where staging answers, as seen from here: at `address` when it is given, else at the host that the engine's endpoint
 * names; for an alias of ssh's that is the host name that `ssh -G` tells.
 *
 * @param host as in `image.host`; without it the endpoint that docker itself would take is looked up
 * @param inspectSeconds limit for docker's answer; default 30
 * @throws {StagingUnlocatedError} when the endpoint names no host: nobody guesses whose port is asked then
 * @throws {CommandError} when the context is not there, or ssh can't read its configuration
 */
export async function stagingBase(
  host: string | null | undefined,
  address: string | null | undefined,
  port: number,
  inspectSeconds: number = DEFAULT_TIMEOUTS.inspect,
): Promise<string> {
  if (typeof address === "string") return baseUrl(address, port);
  const client = dockerClient(host ?? undefined, inspectSeconds * 1000);
  const endpoint = await resolveEndpoint(client, host ?? undefined);
  const found = hostOfEndpoint(endpoint);
  if (found === null) throw new StagingUnlocatedError(withoutUserinfo(endpoint));
  if ("address" in found) return baseUrl(found.address, port);
  const told = await run("ssh", ["-G", "--", found.alias], {
    timeoutMs: CONFIGURATION_MS,
    env: NO_QUESTIONS,
  });
  return baseUrl(hostnameOf(told.stdout) ?? found.alias, port);
}

/**
 * The same for `StagedRelease`, without asking docker where the answer is known: with neither `host` nor DOCKER_HOST its
 * slot refuses every engine but this host's, also in a preview that docker has no part in.
 *
 * @throws as {@link stagingBase}
 */
export async function releaseBase(
  host: string | null | undefined,
  address: string | null | undefined,
  port: number,
  inspectSeconds?: number,
): Promise<string> {
  const isThisHost = (host ?? undefined) === undefined && !process.env.DOCKER_HOST;
  return await stagingBase(host, address ?? (isThisHost ? LOOPBACK : undefined), port, inspectSeconds);
}
