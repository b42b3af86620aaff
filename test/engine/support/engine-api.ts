import { request } from "node:http";
import { dockerClient } from "../../../provider/engines/docker/client";
import { resolveEndpoint } from "../../../provider/engines/docker/resolve-endpoint";

/** Where the engine of the tests is: `unix://` or `tcp://`, which HTTP can speak to. */
export async function engineEndpoint(): Promise<string> {
  return await resolveEndpoint(dockerClient(undefined, 30_000), undefined);
}

/** One request to Docker's own API, for what has to be faster than its client; null: there is no such thing. */
export function askEngine(endpoint: string, method: "GET" | "POST", path: string): Promise<unknown> {
  const url = new URL(endpoint);
  if (!["unix:", "tcp:"].includes(url.protocol)) throw new Error(`no way to ask the engine at ${endpoint}`);
  const where =
    url.protocol === "unix:" ? { socketPath: url.pathname } : { host: url.hostname, port: url.port };
  return new Promise((resolve, reject) => {
    const asked = request({ ...where, method, path, timeout: 30_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.once("error", reject);
      answer.once("end", () => {
        const text = Buffer.concat(parts).toString();
        const { statusCode = 0 } = answer;
        if (statusCode === 404) resolve(null);
        else if (statusCode >= 300) reject(new Error(`${method} ${path} answered ${statusCode}: ${text}`));
        else resolve(text === "" ? {} : JSON.parse(text));
      });
    });
    asked.once("error", reject);
    asked.once("timeout", () => asked.destroy(new Error(`${method} ${path} took too long`)));
    asked.end();
  });
}

/** Points a tag at an image. */
export async function tagByApi(endpoint: string, id: string, reference: string): Promise<void> {
  const colon = reference.lastIndexOf(":");
  const query = new URLSearchParams({ repo: reference.slice(0, colon), tag: reference.slice(colon + 1) });
  const done = await askEngine(endpoint, "POST", `/images/${id}/tag?${query.toString()}`);
  if (done === null) throw new Error(`there is no image ${id}`);
}

/** The image that a tag points to; null: none. */
export async function idByApi(endpoint: string, reference: string): Promise<string | null> {
  return (
    ((await askEngine(endpoint, "GET", `/images/${reference}/json`)) as { Id: string } | null)?.Id ?? null
  );
}
