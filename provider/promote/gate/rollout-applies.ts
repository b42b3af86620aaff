import { originRepository } from "../../base/git/remote";
import { imageFreshnessApplies, type Rollout } from "./rollout";
import { needsSelf } from "./rollout-settings";

/**
 * Whether a rollout applies to a repository. An empty list means the repository of the program's own directory: the setting
 * `selfRepository`, or else the git remote `origin`. If neither tells, the rollout does not apply.
 *
 * @param seconds limit for git
 */
export async function rolloutApplies(
  repository: string,
  rollout: Rollout | null,
  seconds?: number,
): Promise<boolean> {
  if (rollout === null) return true;
  if (!needsSelf(rollout)) return imageFreshnessApplies(repository, rollout);
  const selfRepository = await originRepository(process.cwd(), seconds);
  return imageFreshnessApplies(repository, { ...rollout, selfRepository });
}
