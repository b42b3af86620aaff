import type { PlannedRelease } from "../../stage/make";
import { rehearse } from "../../stage/rehearse";
import { containersFor, type Properties } from "../host/properties";
import { cancellable } from "../host/shutdown";

/**
 * Has the engine make the container that a step of `@pulumi/docker` makes next, and take it away: one that it refuses is
 * red here, where what ran before is put back. A service's container is made by a step of ours, which does so itself.
 *
 * @throws {StagingRedError}
 */
export async function rehearsed(inputs: Properties, planned: PlannedRelease): Promise<void> {
  if (inputs.compose !== undefined && inputs.compose !== null) return;
  const { imageId, port, containerPort, env } = inputs;
  const order = {
    imageId: String(imageId),
    ports: [{ external: Number(port), internal: Number(containerPort ?? port) }],
    env: (env as Record<string, string> | null | undefined) ?? {},
  };
  await cancellable(() => rehearse(containersFor(inputs), planned, order));
}
