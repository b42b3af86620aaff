import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { forward } from "./forward";

/** How a proxy answers: a status with a text, or not at all. */
export type Fault = { status: number; text?: string; headers?: Record<string, string> } | "hang";

/** A proxy before a registry that answers as it is told, and else as the registry. */
export interface FaultProxy {
  readonly host: string;
  /** Which requests go wrong; null: none. Kept until it is changed. */
  fault: ((method: string, path: string) => Fault | null) | null;
  stop(): Promise<void>;
}

/** Starts a proxy on loopback. `/v2/` itself is always answered, so that the registry is taken for one. */
export async function startFaultProxy(registry: string): Promise<FaultProxy> {
  const [hostname = "", port = ""] = registry.split(":");
  const open = new Set<ServerResponse>();
  const server = createServer((from, to) => {
    open.add(to);
    to.once("close", () => open.delete(to));
    const path = from.url ?? "/";
    const fault = path === "/v2/" ? null : (proxy.fault?.(from.method ?? "GET", path) ?? null);
    if (fault === "hang") return;
    if (fault === null) return forward({ hostname, port }, from, to);
    from.resume();
    to.writeHead(fault.status, fault.headers);
    to.end(fault.text ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: null,
    async stop() {
      for (const answer of open) answer.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}
