import { resolve } from "node:path";
import type { Engine, ImageFacts } from "../../engines/engine";
import { verificationOf } from "../../store/verification-of";
import { commitFacts } from "../../base/git/commit";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import { StoreError } from "../../base/errors/store-error";
import { noDrift } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { judge, type Evidence } from "./judge";
import { labelOrigin } from "./own-label";
import { resolveSource } from "./resolve-source";
import { revisionIn } from "../../base/revision/verdict";

/** An image that was looked at, and what the gate says of it. */
export interface Examined {
  image: ImageFacts;
  judgement: Judgement;
  /** What the store says; null when it was not asked. */
  verification: Verification | null;
}

/** What the store says of an image; a store that can't be read knows nothing. */
export async function verificationIn(root: string, imageId: string): Promise<Verification> {
  try {
    return await verificationOf(imageId, resolve(root));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { state: "unknown", drift: noDrift(), reason: error.message };
  }
}

type Asked = Omit<PromotionInputs, "targets">;

/** What the work tree says of the expected revision; null when it is not asked. */
export async function commitEvidence({
  commit,
  expectedRevision,
  timeouts,
}: Pick<PromotionInputs, "commit" | "expectedRevision" | "timeouts">): Promise<Evidence["commit"]> {
  if (!commit) return null;
  const facts = await commitFacts(commit.worktree, expectedRevision ?? "", {
    branch: commit.branch ?? null,
    seconds: timeouts?.git ?? DEFAULT_TIMEOUTS.git,
  });
  return { input: commit, facts };
}

/**
 * Gathers all that an image is judged by, and judges it. What can't be read is evidence too, and a no.
 *
 * @param image as the engine has it
 */
export async function examineImage(engine: Engine, image: ImageFacts, inputs: Asked): Promise<Examined> {
  const root = inputs.root ?? null;
  const enabled = inputs.enabled ?? true;
  const demanded = root !== null && (inputs.requireVerified ?? true);
  const hasLabel = revisionIn(image.labels) !== "";
  const [verification, origin, commit] = await Promise.all([
    demanded ? verificationIn(root, image.id) : null,
    enabled && hasLabel ? labelOrigin(engine, image, root) : null,
    enabled ? commitEvidence(inputs) : null,
  ]);
  const expectedRevision = inputs.expectedRevision ?? null;
  const judgement = judge({ image, expectedRevision, enabled, verification, origin, commit });
  return { image, judgement, verification };
}

/**
 * Resolves a promotion's source and judges it. The same in preview and in the moment before tagging.
 *
 * @throws when the source is missing, or the engine does not tell what it is: there is nothing to tag then
 */
export async function examine(
  engine: Engine,
  inputs: Asked,
  source: string = inputs.source,
): Promise<Examined> {
  return await examineImage(engine, await resolveSource(engine, source), inputs);
}
