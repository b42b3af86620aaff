import { InputError, type InputFailure } from "../../provider/inputs/failure";
import { readService } from "../../provider/stage/compose-release";
import { dockerEffects } from "../../provider/stage/docker-effects";
import type { StagingInputs } from "../../provider/stage/inputs/staging-inputs";
import { nameAside, OWNER_LABEL } from "../../provider/stage/release";
import { atStageFlag } from "./settings";

/**
 * Checks, before anything is built, that staging can be made: the compose file fits, and the container that has the name is
 * one that a release may replace.
 *
 * @throws {InputError} naming everything that is in the way
 */
export async function demandOwnPlace(settings: StagingInputs, inspectSeconds: number): Promise<void> {
  const { containers, compose } = dockerEffects(settings.host, inspectSeconds, () => undefined);
  const { name } = settings;
  const failures: InputFailure[] = [];
  const add = (reason: string): void => void failures.push({ property: "--container", reason });
  const read = settings.compose ? await readService(compose, settings.compose, settings) : null;
  failures.push(...(read?.failures ?? []).map(atStageFlag));
  const named = await containers.find(name);
  const owner = named?.labels[OWNER_LABEL];
  if (owner !== undefined) {
    add(`the container ${name} belongs to a release of Pulumi's (${owner}); choose another name`);
  }
  if (settings.compose && read !== null) {
    const { service } = settings.compose;
    const ids = await compose.containersOf(read.model.name, service);
    const aside = await containers.find(nameAside(name));
    if (named !== null && !ids.includes(named.id)) {
      add(`the container ${name} does not belong to the service ${service}; choose another name`);
    } else if (named === null && ids.some((id) => id !== aside?.id)) {
      add(`the service ${service} has a container with another name than ${name}; use that name`);
    }
  }
  if (failures.length > 0) throw new InputError(failures);
}
