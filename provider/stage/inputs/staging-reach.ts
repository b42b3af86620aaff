import { isIP } from "node:net";
import { isLocalEndpoint } from "../../engines/docker/endpoint";
import { parseDestination } from "../../base/ssh/destination";
import type { InputFailure } from "../../inputs/failure";

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** The host that a check runs on; null if only the user's ssh configuration can say that. */
function checkHost(checkSsh: unknown): string | null {
  if (typeof checkSsh !== "string") {
    // For a connection of @pulumi/command the ssh configuration is not used.
    const { host } = (checkSsh ?? {}) as { host?: unknown };
    return typeof host === "string" ? host : null;
  }
  const read = parseDestination(checkSsh);
  return !("refused" in read) && isIP(read.host) !== 0 ? read.host : null;
}

/**
 * Refuses a check on another host that could not reach staging. If the engine is on this host and no address is given, the
 * check would get the URL `http://127.0.0.1`, which is the other host itself. In doubt nothing is refused. Only known
 * inputs are passed in.
 */
export function checkOutOfReach(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  const { host, address, checkSsh } = inputs;
  if (typeof host !== "string" || !isLocalEndpoint(host) || typeof address === "string") return [];
  const there = checkHost(checkSsh);
  if (there === null || isLoopback(there)) return [];
  const reason = `is missing: the check runs on ${there}, where the default, 127.0.0.1, is that host itself; give an address of this host that it can reach`;
  return [{ property: "address", reason }];
}
