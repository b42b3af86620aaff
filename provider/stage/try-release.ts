import type { Compose } from "../engines/compose";
import type { Containers } from "../engines/containers";
import type { Judgement } from "../promote/gate/clause";
import type { StagingInputs } from "./inputs/staging-inputs";
import { messageOf } from "../base/errors/message";
import { makeByCompose } from "./compose-release";
import type { Probe } from "./health";
import { makeFresh } from "./make";
import { BEFORE_LABEL, NAME_LABEL, newRelease, RELEASE_LABEL, writeBefore } from "./release";
import { discard, setAside, sweepUnnamed } from "./set-aside";
import { switchOver } from "./switch-over";
import { concludeRelease } from "./verdict";

/** What a release touches, and who judges it. */
interface TryEffects {
  containers: Containers;
  compose: Compose;
  probe(containerId: string): Probe;
  /** Runs the check of the release of this name; returns what its program printed. */
  check(release: string): Promise<string>;
  /** Judges the image as a promotion would. */
  gate(): Promise<Judgement>;
  warn(message: string): void;
  signal?: AbortSignal;
}

/** An image that is to be tried. */
interface TriedRelease {
  settings: StagingInputs;
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** Where it has to become healthy. */
  url: string;
}

/**
 * Recreates staging from an image ID, waits for its health, runs the check and judges: the steps of `StagedRelease`, one
 * after the other in one process. What was set aside is written on the fresh container, so that the next release can
 * undo one that was killed.
 *
 * @returns the verdict, and after how many seconds it was healthy
 * @throws {StagingRedError} when it is red; what ran before runs again
 * @throws {StagingBlockedError} when the name can't be taken
 */
export async function tryRelease(
  effects: TryEffects,
  tried: TriedRelease,
): Promise<{ verdict: string; healthyAfter: number }> {
  const { containers, compose, signal } = effects;
  const { settings, imageId, env, url } = tried;
  const { name } = settings;
  await sweepUnnamed(containers, name);
  const before = await setAside(containers, name, []);
  const release = newRelease();
  const labels = { [RELEASE_LABEL]: release, [NAME_LABEL]: name, [BEFORE_LABEL]: writeBefore(before) };
  const containerId = await makeFresh(containers, { name, release, before }, async () => {
    signal?.throwIfAborted();
    const order = { imageId, env, labels };
    if (settings.compose !== undefined) {
      return await makeByCompose(containers, compose, {
        ...order,
        settings: settings.compose,
        wish: settings,
      });
    }
    const ports = [{ external: settings.port, internal: settings.containerPort ?? settings.port }];
    return await containers.create({ ...order, name, ports });
  });
  const fresh = { name, release, containerId, imageId, before };
  const health = { url, deadlineSeconds: settings.healthTimeout };
  const healthyAfter = await switchOver(containers, effects.probe(containerId), fresh, health, signal);
  // Whatever becomes of the check, it is judged below: red, what ran before comes back.
  const checkOutput = await effects.check(release).catch((error: unknown) => messageOf(error));
  const judgement = await concludeRelease(containers, () => effects.gate(), { ...fresh, checkOutput });
  await discard(containers, before).catch((error: unknown) =>
    effects.warn(`what ran before could not be removed: ${messageOf(error)}`),
  );
  return { verdict: judgement.verdict, healthyAfter };
}
