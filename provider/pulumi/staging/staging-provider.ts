import { VerifiedImagesError } from "../../base/errors/base";
import type { CheckAnswer, Properties } from "../host/properties";
import { compose } from "./staging-compose";
import { health } from "./staging-health";
import { slot } from "./staging-slot";
import { verdict } from "./staging-verdict";

interface Phase {
  check(olds: Properties | undefined, news: Properties): Promise<CheckAnswer>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

const PHASES: Record<string, Phase> = { slot, compose, health, verdict };

function phaseOf(properties: Properties): Phase {
  const phase = PHASES[String(properties.phase)];
  if (phase !== undefined) return phase;
  throw new VerifiedImagesError(
    "unknown-phase",
    `this version knows no step "${String(properties.phase)}" of a staged release; is an older version installed than the one that made the state?`,
  );
}

/** The methods that the provider stub calls. One provider serves all steps of a staged release. */
export const staging = {
  check: (olds: Properties | undefined, news: Properties) => phaseOf(news).check(olds, news),
  diff: (id: string, olds: Properties, news: Properties) => phaseOf(news).diff(id, olds, news),
  create: (inputs: Properties) => phaseOf(inputs).create(inputs),
  // Every diff already looks at what staging runs, so a refresh has nothing to do.
  read: (id: string, props: Properties) => Promise.resolve({ id, props }),
  update: (id: string, olds: Properties, news: Properties) => phaseOf(news).update(id, olds, news),
  delete: (id: string, props: Properties) => phaseOf(props).delete(id, props),
};
