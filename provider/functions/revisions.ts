import { REVISION_LABEL } from "../gate/verdict";
import { imageFreshnessApplies, type Rollout } from "../gate/rollout";
import { validatedRevision } from "../git/revision";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../inputs/image-inputs";
import { engineAt } from "./effects";

/**
 * The revision that images of a repository have to carry: HEAD of the work tree where the gate applies, `""`
 * where it doesn't, or on any doubt. Never throws.
 *
 * @param rollout where the gate is on; `repository` names the work tree's own repository, default:
 *   `selfRepository`
 */
export async function expectedRevision(
  worktree: string,
  rollout: Rollout & { repository?: string | null },
): Promise<string> {
  return applies(rollout) ? await validatedRevision(worktree) : "";
}

function applies(rollout: Rollout & { repository?: string | null }): boolean {
  try {
    return imageFreshnessApplies(rollout.repository ?? rollout.selfRepository ?? "", rollout);
  } catch {
    return false;
  }
}

/**
 * An image's revision label, or `""` on any doubt: no such image, no label, an engine that doesn't answer.
 * Never throws.
 */
export async function imageRevision(
  image: string,
  options: { host?: string; timeouts?: Partial<Timeouts> } = {},
): Promise<string> {
  try {
    const engine = engineAt(options.host, options.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect);
    const facts = (await engine.inspect([image])).get(image) ?? null;
    const label = (facts?.labels[REVISION_LABEL] ?? "").trim();
    return label === "<no value>" ? "" : label;
  } catch {
    return "";
  }
}
