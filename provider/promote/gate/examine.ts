import { resolve } from "node:path";
import type { Engine, ImageFacts } from "../../engines/engine";
import { digestsOf, type ImageDigests } from "../../engines/image-digests";
import { verificationOfImage } from "../../store/verification-of";
import { commitFacts } from "../../base/git/commit";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import { StoreError } from "../../base/errors/store-error";
import { noDrift } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { judge, mergeJudgements, type Evidence } from "./judge";
import { labelOrigin } from "./own-label";
import { resolveSource } from "./resolve-source";
import { revisionIn } from "../../base/revision/verdict";

/** An image on an engine, and the gate's judgement of it. */
export interface Examined {
  image: ImageFacts;
  /** Of an index: the images of all its platforms. Otherwise the image. */
  platforms: ImageFacts[];
  judgement: Judgement;
  /** What the store says; null: the store was not asked. */
  verification: Verification | null;
}

/** What the store says of an image. If the store can't be read, the answer is "unknown", with the reason. */
export async function verificationIn(root: string, image: ImageDigests): Promise<Verification> {
  const unknown = (reason: string): Verification => ({ state: "unknown", drift: noDrift(), reason });
  try {
    const found = await verificationOfImage(image, resolve(root));
    return found ?? unknown(`the store ${resolve(root)} has no build of it`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return unknown(error.message);
  }
}

type Asked = Omit<PromotionInputs, "targets">;

/** What the work tree says of the expected revision; null: the input `commit` was not given. */
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
 * The images for which a reference stands: those of all platforms of an index, or the image. An index whose content is all
 * missing is judged by what the engine shows of it.
 */
export async function platformsOf(engine: Engine, image: ImageFacts): Promise<ImageFacts[]> {
  if (image.isIndex !== true) return [image];
  const found = await engine.platformImages(image.id);
  return found.length === 0 ? [image] : found;
}

/**
 * Gathers everything that an image is judged by, and judges it. Whatever can't be read counts as a refusal. A tag stands for
 * every platform of an index, so each of them is judged.
 *
 * @param image as the engine has it
 */
export async function examineImage(engine: Engine, image: ImageFacts, inputs: Asked): Promise<Examined> {
  const root = inputs.root ?? null;
  const enabled = inputs.enabled ?? true;
  const demanded = root !== null && (inputs.requireVerified ?? true);
  const hasLabel = revisionIn(image.labels) !== "";
  const digestsHere = async (): Promise<ImageDigests> => digestsOf(image, await engine.identity());
  const [platforms, verification, origin, commit] = await Promise.all([
    enabled ? platformsOf(engine, image) : [image],
    demanded ? digestsHere().then((digests) => verificationIn(root, digests)) : null,
    enabled && hasLabel ? labelOrigin(engine, image, root) : null,
    enabled ? commitEvidence(inputs) : null,
  ]);
  const expectedRevision = inputs.expectedRevision ?? null;
  const evidence = { expectedRevision, enabled, verification, origin, commit };
  const each = platforms.map((one) => ({
    platform: `${one.os}/${one.architecture}`,
    judgement: judge({ ...evidence, image: { ...one, id: image.id } }),
  }));
  return { image, platforms, judgement: mergeJudgements(each), verification };
}

/**
 * Resolves a promotion's source and judges it. Preview and update both use this; the update does it again right before it
 * moves tags.
 *
 * @throws {SourceMissingError} when the engine has no such image
 * @throws {EngineUnreachableError} when the engine can't say what the source is
 */
export async function examine(
  engine: Engine,
  inputs: Asked,
  source: string = inputs.source,
): Promise<Examined> {
  return await examineImage(engine, await resolveSource(engine, source), inputs);
}
