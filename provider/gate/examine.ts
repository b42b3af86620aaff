import { resolve } from "node:path";
import type { Engine, ImageFacts } from "../engine/engine";
import { verificationOf } from "../functions/verification-of";
import type { PromotionInputs } from "../inputs/promotion-inputs";
import type { Verification } from "../store/verification";
import type { Judgement } from "./clause";
import { judge } from "./judge";
import { resolveSource } from "./resolve-source";

/** An image that was looked at, and what the gate says of it. */
export interface Examined {
  image: ImageFacts;
  judgement: Judgement;
  /** What the store says; null when it was not asked. */
  verification: Verification | null;
}

/**
 * Resolves a promotion's source and judges it. The same in preview and in the moment before tagging.
 *
 * @throws when the source is missing or can't be read: nothing that can't be read counts as yes
 */
export async function examine(
  engine: Engine,
  inputs: Omit<PromotionInputs, "targets">,
  source: string = inputs.source,
): Promise<Examined> {
  const image = await resolveSource(engine, source);
  const root = inputs.root ?? null;
  const demanded = root !== null && (inputs.requireVerified ?? true);
  const verification = demanded ? await verificationOf(image.id, resolve(root)) : null;
  const judgement = judge({
    image,
    expectedRevision: inputs.expectedRevision ?? null,
    enabled: inputs.enabled ?? true,
    verification,
  });
  return { image, judgement, verification };
}
