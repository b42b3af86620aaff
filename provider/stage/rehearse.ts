import type { ContainerOrder, Containers } from "../engines/containers";
import { makeFresh, type PlannedRelease } from "./make";
import { NAME_LABEL, RELEASE_LABEL } from "./release";

/**
 * Makes a release's container and takes it away again, never started: what somebody else's step is about to make can't
 * be refused by the engine then, where nothing of ours would come after it to put back what ran before. An interrupted
 * one goes with the next release, by its labels.
 *
 * @throws {StagingRedError} when the engine refuses it; what ran before has its name again
 */
export async function rehearse(
  containers: Containers,
  release: PlannedRelease,
  order: Omit<ContainerOrder, "name" | "labels">,
): Promise<void> {
  const labels = { [RELEASE_LABEL]: release.release, [NAME_LABEL]: release.name };
  await makeFresh(containers, release, async () => {
    const id = await containers.create({ ...order, name: `${release.name}-${release.release}`, labels });
    await containers.remove(id);
    return id;
  });
}
