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

/** An image that is to be tried on staging, outside Pulumi. */
export interface Trial {
  settings: StagingInputs;
  imageId: string;
  /** The revision that the image has to be of; null: whichever. */
  revision: string | null;
  env: Readonly<Record<string, string>>;
  /** Run the check inside the fresh container. */
  inContainer: boolean;
  /** The store, which knows that the revision was stamped on this very image, whatever its base has. */
  root?: string;
  requireVerified: boolean;
  /** The image was stamped just now, by who asks: where its label is from needs no proof. */
  stampedHere?: boolean;
  /** Limit for one question to the engine, seconds. */
  inspectSeconds: number;
  /** Whether a release that was stopped stays so when it comes back; default: it runs again. */
  stoppedStays?: boolean;
  /** What else has to succeed before what ran before goes. */
  keep?: () => Promise<void>;
  /** Gets what the check's program printed. */
  checked?: (output: string) => Promise<void>;
  warn: (message: string) => void;
  signal: AbortSignal;
}

/**
 * Recreates staging from an image, waits for its health, runs the check and judges the image as a promotion would.
 *
 * @throws as `runRelease`
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
