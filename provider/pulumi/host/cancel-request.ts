import type { EventEmitter } from "node:events";

const PATH = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Calls back when the engine sends this provider process the Cancel request, as it does at the first Ctrl-C of
 * `pulumi up`. The SDK's dynamic provider ignores that request, so this listens for it on the process's HTTP/2 server.
 * The server is found through a private interface of Node.js. If that interface changes, nothing is noticed and a build runs
 * to its end.
 *
 * @returns whether there is a server to listen on
 */
export function onCancelRequest(callback: () => void): boolean {
  const inspectable = process as { _getActiveHandles?: () => unknown[] };
  const handles = inspectable._getActiveHandles?.() ?? [];
  const servers = handles.filter(
    (handle): handle is EventEmitter =>
      typeof handle === "object" && handle !== null && handle.constructor.name === "Http2Server",
  );
  for (const server of servers) {
    server.on("stream", (_stream: unknown, headers: Record<string, unknown> | undefined) => {
      if (headers?.[":path"] === PATH) callback();
    });
  }
  return servers.length > 0;
}
