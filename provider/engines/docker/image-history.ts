import { z } from "zod";
import { EngineUnreachableError } from "../errors";
import { askApi } from "./ask-api";
import type { DockerClient } from "./client";

/** `Created` is Unix time in seconds. */
const entries = z.array(z.object({ Created: z.number(), CreatedBy: z.string() }));

/**
 * An image's history, newest entry first. It is read through the engine's API (ImageHistory), because `docker image history`
 * prints tabs as spaces.
 *
 * @throws {EngineUnreachableError} when the engine gives no history
 */
export async function imageHistory(client: DockerClient, imageId: string): Promise<z.infer<typeof entries>> {
  const what = `history of the image ${imageId}`;
  const parsed = entries.safeParse(await askApi(client, `/images/${imageId}/history`, what));
  if (parsed.success) return parsed.data;
  throw new EngineUnreachableError(`Docker at ${client.where} gave no ${what}; try again`);
}
