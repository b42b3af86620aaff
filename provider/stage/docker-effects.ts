import { dockerCompose } from "../engines/docker/compose";
import { dockerContainers } from "../engines/docker/containers";
import { httpProbe } from "./http-probe";
import type { StagingEffects } from "./steps";

/**
 * The staging machine's access to a Docker engine.
 *
 * @param host as in `image.host`
 * @param inspectSeconds limit for one question to the engine, in seconds
 */
export function dockerEffects(
  host: string | null | undefined,
  inspectSeconds: number,
  warn: (message: string) => void,
): StagingEffects {
  const engine = host ?? undefined;
  const containers = dockerContainers(engine, inspectSeconds * 1000);
  return {
    containers,
    compose: dockerCompose(engine, inspectSeconds * 1000),
    probe: (containerId) => httpProbe(containers, containerId),
    warn,
  };
}
