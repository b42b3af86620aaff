import type { EventEmitter } from "node:events";

const PATH = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Calls back when the engine asks this provider process to cancel, which is what the first Ctrl-C at
 * `pulumi up` does. The SDK's dynamic provider takes the request and does nothing, so it is overheard on the
 * process's own HTTP/2 server. That server is found by a private interface of Node.js; where that has
 * changed nothing is overheard, and a build runs to its end.
 *
 * @returns whether there was a server to listen on
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
