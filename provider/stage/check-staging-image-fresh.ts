import { visibleLines } from "../base/words/visible";
import { BuildFailedError } from "../engines/errors";
import { messageOf } from "../base/errors/message";
import { DISABLED } from "../promote/gate/clause";
import { rolloutApplies } from "../promote/gate/rollout-applies";
import { rolloutFailures } from "../promote/gate/rollout-settings";
import { GIT_SECONDS } from "../base/git/git";
import { sightingOf, type Sighting } from "../base/git/still";
import { isFullRevision } from "../base/revision/revision";
import { InputError } from "../inputs/failure";
import { DEFAULT_TIMEOUTS } from "../inputs/timeouts";
import { nameFromResource } from "../inputs/name";
import { releaseSettings } from "./inputs/release-settings";
import { checkStagingInputs, stagingInputs, type StagingInputs } from "./inputs/staging-inputs";
import { interruptible } from "../base/process/interruptible";
import type { ImageOutputs } from "../build/roundtrip/image-outputs";
import { readService } from "./compose-release";
import { redMessage } from "./errors";
import { lastCharacters } from "./tail";
import { tryImage } from "./try-image";
import { dockerEffects } from "./docker-effects";
import { buildReproducible } from "../build/functions/build-reproducible";
import type { StagingFreshness, StagingFreshOptions } from "./staging-freshness";

const no = (reason: string): StagingFreshness => ({ ok: false, reason });

/** See `checkStagingImageFresh` in on-call.ts. */
export async function checkStagingImageFresh(options: StagingFreshOptions): Promise<StagingFreshness> {
  try {
    const { repository, worktree, rollout } = options;
    // A rollout that can't be read would silently count as "off", so it is an error.
    const unread = rollout === undefined ? [] : rolloutFailures(rollout);
    if (unread.length > 0) throw new InputError(unread);
    if (rollout !== undefined && !(await rolloutApplies(repository, rollout, options.image?.timeouts?.git))) {
      const off = rollout.enabled !== true;
      return { ok: true, reason: off ? DISABLED : `image-freshness does not apply to ${repository}` };
    }
    const seconds = options.image?.timeouts?.git ?? GIT_SECONDS;
    const readFrom = options.revision === undefined ? await sightingOf(worktree, seconds) : null;
    const anchor = options.revision ?? readFrom?.head ?? "";
    if (!isFullRevision(anchor)) {
      const given = options.revision === undefined ? `the work tree ${worktree} has no` : "revision is not a";
      return no(`no anchor: ${given} validated revision, so nothing was built and staging was not touched`);
    }
    return await interruptible((signal) => anchored(options, anchor, readFrom, signal));
  } catch (error) {
    return no(messageOf(error));
  }
}

/** Limit for one question to the engine, seconds. */
const inspectSeconds = ({ image }: StagingFreshOptions): number =>
  image.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;

/** Reads the options. Everything that is wrong with them is reported before anything is built. */
async function settingsOf(options: StagingFreshOptions): Promise<StagingInputs> {
  const given = releaseSettings({ ...options, production: options.production ?? {} });
  const ssh: unknown = options.check.ssh;
  if (ssh !== undefined && typeof ssh !== "string") {
    const reason = "expected a destination of ssh, such as user@host; a connection is for StagedRelease only";
    throw new InputError([...checkStagingInputs(given, () => false), { property: "check.ssh", reason }]);
  }
  const settings = stagingInputs(given);
  if (settings.compose) {
    const { compose } = dockerEffects(settings.host, inspectSeconds(options), () => undefined);
    const { failures } = await readService(compose, settings.compose, settings);
    if (failures.length > 0) throw new InputError(failures);
  }
  return settings;
}

async function anchored(
  options: StagingFreshOptions,
  anchor: string,
  readFrom: Sighting | null,
  signal: AbortSignal,
): Promise<StagingFreshness> {
  const settings = await settingsOf(options);
  let built: ImageOutputs;
  try {
    const name = options.image.name ?? nameFromResource(options.repository.split("/").at(-1) ?? "");
    built = await buildReproducible({ ...options.image, name, revision: anchor, readFrom });
  } catch (error) {
    const output = error instanceof BuildFailedError ? lastCharacters(error.tail) : "";
    return no(redMessage("build", messageOf(error), `${settings.name} was not touched`, output));
  }
  const { imageId } = built;
  const { judgement, healthyAfter } = await tryImage({
    settings,
    imageId,
    revision: anchor,
    env: options.staging.env ?? {},
    inContainer: options.check.inContainer ?? false,
    root: options.image.root,
    requireVerified: options.image.requireVerified === true,
    inspectSeconds: inspectSeconds(options),
    warn: (message) => console.error(visibleLines(`warning: ${settings.name}: ${message}`)),
    signal,
  });
  const short = imageId.replace(/^sha256:/, "").slice(0, 12);
  const reason = `staging is fresh: ${settings.name} runs ${short}, healthy after ${healthyAfter.toFixed(1)} s, and its check is green (${judgement.verdict})`;
  return { ok: true, reason };
}
