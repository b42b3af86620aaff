import { isIP } from "node:net";
import { isLocalEndpoint } from "../../engines/docker/endpoint";
import { parseDestination } from "../../base/ssh/destination";
import type { InputFailure } from "../../inputs/failure";

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/**
 * The host that a check surely runs on; null where the user's ssh configuration has the last word on a name.
 */
function checkHost(checkSsh: unknown): string | null {
  if (typeof checkSsh !== "string") {
    // Nothing of that configuration is read for a connection.
    const { host } = (checkSsh ?? {}) as { host?: unknown };
    return typeof host === "string" ? host : null;
  }
  const read = parseDestination(checkSsh);
  return !("refused" in read) && isIP(read.host) !== 0 ? read.host : null;
}

/**
 * A check on another host that would be told to ask itself: the engine is surely this host's, so without an address
 * STAGING_URL is `http://127.0.0.1`. What can't be told is not refused. Inputs less what is not known yet.
 */
export function checkOutOfReach(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  const { host, address, checkSsh } = inputs;
  if (typeof host !== "string" || !isLocalEndpoint(host) || typeof address === "string") return [];
  const there = checkHost(checkSsh);
  if (there === null || isLoopback(there)) return [];
  const reason = `is missing: the check runs on ${there}, where the default, 127.0.0.1, is that host itself; give an address of this host that it can reach`;
  return [{ property: "address", reason }];
}
