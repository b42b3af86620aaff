import { dockerClient } from "../engines/docker/client";
import { isLocalEndpoint, withoutUserinfo } from "../engines/docker/endpoint";
import { resolveEndpoint } from "../engines/docker/resolve-endpoint";
import { DEFAULT_TIMEOUTS } from "../inputs/timeouts";
import { run } from "../base/process/run";
import { NO_QUESTIONS } from "../base/ssh/environment";
import { parseDestination } from "../base/ssh/destination";
import { StagingUnlocatedError } from "./errors";

/** Where published ports of a container are reached on the engine's own host. */
const LOOPBACK = "127.0.0.1";

/** Limit for `ssh -G` in milliseconds. It only reads the configuration and connects to nothing. */
const CONFIGURATION_MS = 15_000;

/** The host in an endpoint: an address, or an alias of the ssh configuration. */
type EndpointHost = { address: string } | { alias: string };

/** The host that an endpoint names; null: it names none. */
export function hostOfEndpoint(endpoint: string): EndpointHost | null {
  if (isLocalEndpoint(endpoint)) return { address: LOOPBACK };
  if (endpoint.startsWith("ssh://")) {
    const read = parseDestination(endpoint, true);
    return "refused" in read ? null : { alias: read.host };
  }
  const host = /^(?:tcp|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(endpoint)?.[1];
  return host === undefined ? null : { address: host.replace(/^\[|\]$/g, "") };
}

/** The host that ssh would connect to, from the output of `ssh -G`; null: the output names none. */
export function hostnameOf(configuration: string): string | null {
  return /^hostname (\S+)$/m.exec(configuration)?.[1] ?? null;
}

/** `http://<host>:<port>`, with the brackets that an IPv6 address needs. */
export function baseUrl(address: string, port: number): string {
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * The endpoint that docker itself would use.
 *
 * @param host as in `image.host`
 * @param inspectSeconds limit for docker's answer in seconds; default 30
 * @throws {CommandError} when the Docker context does not exist
 */
export async function endpointOf(
  host: string | undefined,
  inspectSeconds: number = DEFAULT_TIMEOUTS.inspect,
): Promise<string> {
  return await resolveEndpoint(dockerClient(host, inspectSeconds * 1000), host);
}

/**
 * The URL at which staging is reached from here: `address` if given, otherwise the host that the engine's endpoint names.
 * If that is an ssh alias, `ssh -G` says which host it means.
 *
 * @param host as in `image.host`; default: the endpoint that docker itself would use
 * @param inspectSeconds limit for docker's answer in seconds; default 30
 * @throws {StagingUnlocatedError} when the endpoint names no host
 * @throws {CommandError} when the Docker context does not exist, or ssh can't read its configuration
 */
export async function stagingBase(
  host: string | null | undefined,
  address: string | null | undefined,
  port: number,
  inspectSeconds: number = DEFAULT_TIMEOUTS.inspect,
): Promise<string> {
  if (typeof address === "string") return baseUrl(address, port);
  const endpoint = await endpointOf(host ?? undefined, inspectSeconds);
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
 * The same for `StagedRelease`, without asking docker if that is not needed. With neither `host` nor DOCKER_HOST its
 * resources accept only an engine on this host, so the answer is known, also in a preview where docker plays no part.
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
