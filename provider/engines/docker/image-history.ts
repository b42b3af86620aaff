import { z } from "zod";
import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";

/** `Created` is in Unix time, seconds. */
const entries = z.array(z.object({ Created: z.number(), CreatedBy: z.string() }));

/**
 * An image's history, the newest entry first, from the engine's own interface (Docker Engine API, ImageHistory):
 * `docker image history` writes tabs as spaces. The connection is the client's (`docker system dial-stdio`, which it
 * uses for ssh itself), so it goes wherever the client goes.
 *
 * @throws {EngineUnreachableError} when the answer is none
 */
export async function imageHistory(client: DockerClient, imageId: string): Promise<z.infer<typeof entries>> {
  // In HTTP/1.0 an answer ends with the connection, and is in one piece.
  const input = `GET /images/${imageId}/history HTTP/1.0\r\nHost: docker\r\n\r\n`;
  const { stdout } = await client.run(["system", "dial-stdio"], { input, timeoutMs: client.inspectMs });
  const end = stdout.indexOf("\r\n\r\n");
  const parsed = /^HTTP\/1\.[01] 200 /.test(stdout) ? entries.safeParse(read(stdout.slice(end + 4))) : null;
  if (end === -1 || parsed?.success !== true) {
    throw new EngineUnreachableError(`Docker at ${client.where} did not tell the history of ${imageId}`);
  }
  return parsed.data;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
