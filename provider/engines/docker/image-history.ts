import { z } from "zod";
import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";

/** `Created` is Unix time in seconds. */
const entries = z.array(z.object({ Created: z.number(), CreatedBy: z.string() }));

/**
 * An image's history, newest entry first. It is read through the engine's API (Docker Engine API, ImageHistory),
 * because `docker image history` prints tabs as spaces. The connection is made by `docker system dial-stdio`, which the
 * client itself uses for ssh. So this works wherever the client works.
 *
 * @throws {EngineUnreachableError} when the engine gives no history
 */
export async function imageHistory(client: DockerClient, imageId: string): Promise<z.infer<typeof entries>> {
  // With HTTP/1.0 the answer is not sent in chunks, and it ends when the connection does.
  const input = `GET /images/${imageId}/history HTTP/1.0\r\nHost: docker\r\n\r\n`;
  // Newer clients end when their input does, maybe before the answer has come.
  const options = { input, keepInputOpen: true, timeoutMs: client.inspectMs };
  const { stdout } = await client.run(["system", "dial-stdio"], options);
  const end = stdout.indexOf("\r\n\r\n");
  const parsed = /^HTTP\/1\.[01] 200 /.test(stdout) ? entries.safeParse(read(stdout.slice(end + 4))) : null;
  if (end === -1 || parsed?.success !== true) {
    throw new EngineUnreachableError(
      `Docker at ${client.where} gave no history of the image ${imageId}; try again`,
    );
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
