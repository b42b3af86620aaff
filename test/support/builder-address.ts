import { BlockList, createServer, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { docker } from "./docker";

/**
 * An address that this machine owns and that containers of a build can reach: that of the bridge network.
 * Ownership is proven by listening on it: an idle bridge has no carrier, and the system then doesn't list it.
 * Throws when there is none (a remote engine, or one in a virtual machine).
 */
export async function builderReachableAddress(): Promise<string> {
  const config = JSON.parse(
    await docker(["network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"]),
  ) as BridgeConfig[] | null;
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((entry) => entry.address),
  );
  const candidates = bridgeAddresses(config ?? [], own);
  for (const address of candidates) if (await canListen(address)) return address;
  throw new Error(
    `this machine has none of the addresses ${candidates.join(", ") || "(none)"} of the engine's bridge network: ` +
      "tests with an archive of their own need a Docker engine that runs on this machine",
  );
}

/** One entry of `IPAM.Config` in `docker network inspect`. */
export interface BridgeConfig {
  Subnet?: string;
  Gateway?: string;
}

/**
 * Where the engine's end of the bridge may be, likeliest first: the named gateway, own addresses in the subnet,
 * the subnet's first address (the default bridge's gateway, which engines before 23 don't name). IPv4 only.
 */
export function bridgeAddresses(config: readonly BridgeConfig[], own: readonly string[]): string[] {
  const found = config.flatMap(({ Gateway, Subnet }) => {
    const [network, prefix] = (Subnet ?? "").split("/");
    if (!network || !prefix || !isIPv4(network)) return Gateway && isIPv4(Gateway) ? [Gateway] : [];
    const subnet = new BlockList();
    subnet.addSubnet(network, Number(prefix), "ipv4");
    const inside = own.filter((address) => isIPv4(address) && subnet.check(address, "ipv4"));
    return [...(Gateway ? [Gateway] : []), ...inside, firstAddress(network, Number(prefix))];
  });
  return [...new Set(found)];
}

function firstAddress(network: string, prefix: number): string {
  const bits = network.split(".").reduce((all, part) => all * 256 + Number(part), 0);
  const first = bits - (bits % 2 ** (32 - prefix)) + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}

/** Whether a server can listen on the address, which only its owner can; errors other than that throw. */
async function canListen(address: string): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: address, port: 0 }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRNOTAVAIL") return false;
    throw error;
  }
}
