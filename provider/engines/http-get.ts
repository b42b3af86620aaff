import { request as plain } from "node:http";
import { request as secure } from "node:https";

/** How many addresses are followed from one to the next. */
const MAX_REDIRECTS = 5;
/** Milliseconds of silence after which a server counts as one that does not answer. */
const SILENCE_MS = 30_000;

/** A server's answer. */
export interface HttpAnswer {
  status: number;
  body: Buffer;
  /** The address that answered, after redirects. */
  url: URL;
}

/** How a server is asked. */
export interface HttpOptions {
  accept?: string;
  /** Certificates in PEM, in place of Node's own. */
  ca?: string;
  /** More bytes than this are an error. */
  maxBytes: number;
  signal?: AbortSignal;
}

interface Reply extends HttpAnswer {
  location: string | undefined;
}

function ask(url: URL, { accept, ca, maxBytes, signal }: HttpOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = accept === undefined ? {} : { accept };
    const request = (url.protocol === "https:" ? secure : plain)(
      url,
      { headers, timeout: SILENCE_MS, signal, ...(ca === undefined ? {} : { ca }) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > maxBytes) request.destroy(new Error("its page is too large"));
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location,
            body: Buffer.concat(chunks),
            url,
          }),
        );
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${SILENCE_MS / 1000} s`)));
    request.on("error", reject);
    request.end();
  });
}

/**
 * Asks a server by HTTP, and follows redirects. Proxies are not used.
 *
 * @throws {Error} when there is no answer (in time, if the signal has a limit), one that is too large, or a redirect to something else than HTTP
 */
export async function httpGet(address: URL, options: HttpOptions): Promise<HttpAnswer> {
  let url = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const { location, ...answer } = await ask(url, options).catch((error: unknown) => {
      throw options.signal?.aborted === true ? new Error("it did not answer in time") : error;
    });
    if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol)) throw new Error(`it redirects to ${url.protocol}`);
  }
  throw new Error("it redirects without end");
}

/** An address without user, password and query. */
export const plainAddress = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`;
