import { digestsOfFile } from "../../engines/image-digests";
import { factsOfFile } from "../../store/sif-images";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { commitEvidence, verificationIn } from "./examine";
import { judge } from "./judge";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import { revisionIn } from "../../base/revision/verdict";
import type { SifImage } from "../sif/describe";
import { findSif } from "../sif/find";
import { sifLabelOrigin } from "./own-label-sif";

/** A SIF image, and the gate's judgement of it. */
export interface ExaminedSif {
  image: SifImage;
  judgement: Judgement;
  /** What the store says; null: the store was not asked. */
  verification: Verification | null;
}

/**
 * Finds the SIF image that a promotion's source stands for, and judges it by the same clauses as any other image.
 *
 * @throws {SifMissingError} when there is none
 * @throws {SifError} when it is no SIF image, or is damaged
 */
export async function examineSif(
  inputs: Omit<PromotionInputs, "targets">,
  source: string = inputs.source,
  describe?: (file: string) => Promise<SifImage | null>,
): Promise<ExaminedSif> {
  const root = inputs.root ?? null;
  const enabled = inputs.enabled ?? true;
  const demanded = root !== null && (inputs.requireVerified ?? true);
  const image = await findSif(source, root, describe);
  const [verification, origin, commit] = await Promise.all([
    demanded ? verificationIn(root, digestsOfFile(image.id)) : null,
    enabled && revisionIn(image.labels) !== "" ? sifLabelOrigin(image, root) : null,
    enabled ? commitEvidence(inputs) : null,
  ]);
  const expectedRevision = inputs.expectedRevision ?? null;
  const facts = factsOfFile(image.id, image.file, image.labels);
  const judgement = judge({ image: facts, expectedRevision, enabled, verification, origin, commit });
  return { image, judgement, verification };
}
