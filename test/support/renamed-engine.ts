import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forward } from "./forward";

/** An engine that says something else of itself: in front of the real one, on a socket of its own. */
export interface RenamedEngine {
  /** `unix://...`, for DOCKER_HOST. */
  readonly host: string;
  readonly id: string;
  close(): Promise<void>;
}

/**
 * Starts a proxy before the engine whose `info` has other fields; all else is the engine's own answer.
 *
 * @param endpoint `unix://` or `tcp://`
 * @param other default: another ID
 */
export async function startRenamedEngine(
  endpoint: string,
  other: Readonly<Record<string, string>> = { ID: "ANOTHER:ENGINE" },
): Promise<RenamedEngine> {
  const id = other.ID ?? "";
  const { protocol, pathname, hostname, port } = new URL(endpoint);
  const where = protocol === "unix:" ? { socketPath: pathname } : { hostname, port };
  const answer = (from: IncomingMessage, to: ServerResponse): void => {
    if (!/^(\/v[\d.]+)?\/info$/.test(from.url ?? "")) return forward(where, from, to);
    forward(where, from, to, (said) => {
      const parts: Buffer[] = [];
      said.on("data", (part: Buffer) => parts.push(part));
      said.on("end", () => {
        const info = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        to.writeHead(said.statusCode ?? 502, { "content-type": "application/json" });
        to.end(JSON.stringify({ ...info, ...other }));
      });
    });
  };
  const folder = mkdtempSync(join(tmpdir(), "verified-images-engine-"));
  const socket = join(folder, "docker.sock");
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    id,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
