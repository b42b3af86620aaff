import { request } from "node:https";

/** As `fetch`, of a server whose certificate this one vouches for; bodies are texts. */
export function askTls(url: string, init: RequestInit, ca: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { method = "GET", signal } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const asked = request(url, { method, headers, ca, ...(signal ? { signal } : {}) }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.once("error", reject);
      answer.once("end", () => {
        const status = answer.statusCode ?? 0;
        const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
        const body = status === 204 ? null : Buffer.concat(parts);
        resolve(new Response(body, { status, headers: Object.fromEntries(told) }));
      });
    });
    asked.once("error", reject);
    asked.end(init.body as string | undefined);
  });
}
