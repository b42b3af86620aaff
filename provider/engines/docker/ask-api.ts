import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";

/**
 * Asks the engine's API (Docker Engine API) what the docker client does not tell. The connection is made by
 * `docker system dial-stdio`, which the client itself uses for ssh. So this works wherever the client works.
 *
 * @param path with its query, such as `/images/sha256:.../history`
 * @param what was asked for, for messages
 * @returns the answer's JSON
 * @throws {EngineUnreachableError} when the engine gives none
 */
export async function askApi(client: DockerClient, path: string, what: string): Promise<unknown> {
  // With HTTP/1.0 the answer is not sent in chunks, and it ends when the connection does.
  const input = `GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`;
  // Newer clients end when their input does, maybe before the answer has come.
  const options = { input, keepInputOpen: true, timeoutMs: client.inspectMs };
  const { stdout } = await client.run(["system", "dial-stdio"], options);
  const end = stdout.indexOf("\r\n\r\n");
  try {
    if (end !== -1 && /^HTTP\/1\.[01] 200 /.test(stdout)) return JSON.parse(stdout.slice(end + 4)) as unknown;
  } catch {
    // An answer that is cut is none.
  }
  throw new EngineUnreachableError(`Docker at ${client.where} gave no ${what}; try again`);
}
