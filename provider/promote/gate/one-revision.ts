import type { RegistryImage } from "../../engines/registry/registry";
import { DISABLED, type Judgement } from "./clause";
import { PromotionRefusedError } from "./errors";
import { REVISION_LABEL, revisionIn } from "../../base/revision/verdict";

/** The platforms of an index whose revision label is another one. */
export function otherPlatforms(image: RegistryImage, revision: string | null): string[] {
  return image.images
    .filter(({ labels }) => revisionIn(labels) !== (revision ?? ""))
    .map(({ platform, labels }) => `${platform} has ${JSON.stringify(revisionIn(labels).slice(0, 40))}`);
}

/**
 * Refuses an index of which the engine has shown the gate one platform only, as engines with the containerd store do, where
 * another platform has another revision label.
 *
 * @param image the engine's image as the registry has it
 * @param revision the label that was judged
 * @throws {PromotionRefusedError} before any target is moved
 */
export function demandOneRevision(image: RegistryImage, judgement: Judgement, revision: string | null): void {
  if (judgement.verdict === DISABLED) return;
  const others = otherPlatforms(image, revision);
  if (others.length === 0) return;
  const name = `${image.repository}@${image.digest}`;
  const message =
    `the image has several platforms, and the label ${REVISION_LABEL} that was judged is not that of all: ` +
    `${others.join(", ")}; promote ${name} instead, where each platform is judged`;
  const clause = { property: "source", ok: false, message };
  const clauses = [...judgement.clauses, clause];
  throw new PromotionRefusedError(name, { ...judgement, ok: false, clauses, override: null });
}
