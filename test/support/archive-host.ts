import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { builderReachableAddress } from "./builder-address";
import { createDownloadHooks, type DownloadHooks } from "./download-hooks";

/** What an archive answers to a path; `artifact` marks the reply as the download of a package. */
export interface ArchiveReply {
  body: Buffer | string;
  contentType: string;
  artifact?: { name: string; version: string };
  /** Default `no-store`. */
  cacheControl?: string;
}

/** One line of an archive's request log. `path` is decoded and has no query. */
export interface ArchiveRequest {
  method: string;
  path: string;
  status: number;
}

/** A running server, without any knowledge of package formats. */
export interface ArchiveHost {
  readonly url: string;
  readonly address: string;
  readonly requests: readonly ArchiveRequest[];
  readonly hooks: DownloadHooks;
  /** Answers every request with this status from now on; null: as usual again. */
  answerWith(status: number | null): void;
  close(): Promise<void>;
}

/** Options of every archive. */
export interface ArchiveOptions {
  /** Address to listen on; default: one that builds can reach ({@link builderReachableAddress}). */
  address?: string;
  /** PEM texts; given, the archive speaks HTTPS. */
  tls?: { key: string; cert: string };
}

/** Answers a decoded path, or null for 404. Pure over the archive's current content. */
export type Answer = (path: string) => ArchiveReply | null;

/**
 * Starts an HTTP or HTTPS server on one address (never on all of them) and a free port. Only GET and HEAD are
 * answered; a path that can't be decoded is 400; an error while answering is 500 and thrown by `close`.
 */
export async function startArchiveHost(answer: Answer, options: ArchiveOptions = {}): Promise<ArchiveHost> {
  const address = options.address ?? (await builderReachableAddress());
  const requests: ArchiveRequest[] = [];
  const failures: unknown[] = [];
  const hooks = createDownloadHooks();
  let fault: number | null = null;

  async function replyTo(request: IncomingMessage, path: string): Promise<[number, ArchiveReply | null]> {
    if (request.method !== "GET" && request.method !== "HEAD") return [405, null];
    if (fault !== null) return [fault, null];
    const reply = answer(path);
    if (reply === null) return [404, null];
    if (request.method === "GET" && reply.artifact)
      await hooks.run(reply.artifact.name, reply.artifact.version);
    return [200, reply];
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "";
    const path = decodedPath(request.url ?? "/");
    const entry: ArchiveRequest = { method, path: path ?? request.url ?? "", status: 400 };
    requests.push(entry);
    let reply: ArchiveReply | null = null;
    try {
      if (path !== null) [entry.status, reply] = await replyTo(request, path);
    } catch (error) {
      entry.status = 500;
      failures.push(error);
    }
    const body = Buffer.from(reply?.body ?? `${entry.status} ${path ?? "bad path"}\n`);
    response.writeHead(entry.status, {
      "content-type": reply?.contentType ?? "text/plain; charset=utf-8",
      "content-length": body.length,
      "cache-control": reply?.cacheControl ?? "no-store",
    });
    response.end(method === "HEAD" ? undefined : body);
    request.resume();
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void handle(request, response);
  const { tls } = options;
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port: 0, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;

  return {
    url: `${tls === undefined ? "http" : "https"}://${address}:${port}`,
    address,
    requests,
    hooks,
    answerWith(status) {
      fault = status;
    },
    async close() {
      closing ??= new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
      await closing;
      const thrown = failures.splice(0);
      if (thrown.length > 0)
        throw new AggregateError(
          thrown,
          `the archive failed ${thrown.length} request(s): ${String(thrown[0])}`,
        );
    },
  };
}

/** The path of a request target: no query, percent-decoded, `.` segments and doubled slashes dropped. */
function decodedPath(target: string): string | null {
  try {
    const path = decodeURIComponent(target.split("?", 1)[0] ?? "");
    return (
      "/" +
      path
        .split("/")
        .filter((part, index, all) => part !== "." && (part !== "" || index === all.length - 1))
        .join("/")
    );
  } catch {
    return null;
  }
}
