import { engineAt } from "../build/functions/effects";
import type { Judgement } from "../promote/gate/clause";
import { examine } from "../promote/gate/examine";
import { judge } from "../promote/gate/judge";
import { resolveSource } from "../promote/gate/resolve-source";
import { stagingBase } from "./address";
import { dockerEffects } from "./docker-effects";
import type { StagingInputs } from "./inputs/staging-inputs";
import { runCheck } from "./run-check";
import { runRelease } from "./run-release";

/** An image to try on staging, outside Pulumi. */
export interface Trial {
  settings: StagingInputs;
  imageId: string;
  /** The revision that the image must have; null: any. */
  revision: string | null;
  env: Readonly<Record<string, string>>;
  /** Run the check inside the fresh container. */
  inContainer: boolean;
  /** The artifact store. Its record of the image proves that the revision was stamped on it and not inherited. */
  root?: string;
  requireVerified: boolean;
  /** true: the caller has just stamped the image, so the origin of its label needs no proof. */
  stampedHere?: boolean;
  /** Limit for one question to the engine, seconds. */
  inspectSeconds: number;
  /** true: if an earlier release is put back that was stopped, it stays stopped; default: it is started. */
  stoppedStays?: boolean;
  /** A further step that has to succeed before the earlier container is removed. */
  keep?: () => Promise<void>;
  /** Called with the output of the check's program. */
  checked?: (output: string) => Promise<void>;
  warn: (message: string) => void;
  signal: AbortSignal;
}

/**
 * Recreates staging from an image, waits until it is healthy, runs the check and judges the image as a promotion would.
 *
 * @throws as `runRelease` and `stagingBase`
 */
export async function tryImage(trial: Trial): Promise<{ judgement: Judgement; healthyAfter: number }> {
  const { settings, imageId, revision, inspectSeconds: inspect, signal } = trial;
  const base = await stagingBase(settings.host, settings.address, settings.port, inspect);
  const effects = {
    ...dockerEffects(settings.host, inspect, trial.warn),
    check: async (release: string) => {
      const output = await runCheck({
        command: settings.checkCommand,
        inContainer: trial.inContainer,
        seconds: settings.checkTimeout,
        container: settings.name,
        url: base,
        imageId,
        revision: revision ?? "",
        release,
        host: settings.host ?? null,
        ssh: typeof settings.checkSsh === "string" ? settings.checkSsh : null,
      });
      await trial.checked?.(output);
      return output;
    },
    gate: async () => {
      const engine = engineAt(settings.host, inspect);
      if (trial.stampedHere === true) {
        const image = await resolveSource(engine, imageId);
        return judge({ image, expectedRevision: revision, enabled: true, verification: null });
      }
      const asked = {
        source: imageId,
        expectedRevision: revision ?? undefined,
        enabled: revision !== null,
        root: trial.root,
        requireVerified: trial.requireVerified,
      };
      return (await examine(engine, asked)).judgement;
    },
    keep: () => trial.keep?.() ?? Promise.resolve(),
    signal,
  };
  const { env, stoppedStays } = trial;
  return await runRelease(effects, {
    ...{ settings, imageId, env, stoppedStays },
    url: `${base}${settings.healthPath}`,
  });
}
