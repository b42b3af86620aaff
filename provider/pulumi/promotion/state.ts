import { z } from "zod";
import { VerifiedImagesError } from "../../base/errors/base";
import { digest, imageId, tagReference } from "../../base/reference/schemas";
import type { Digest, ImageId } from "../../base/reference/types";
import { timeouts } from "../../inputs/shapes";
import { namesRegistry } from "../../engines/registry/address";
import type { Properties } from "../host/properties";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const noDigest = digest.nullish().transform((value) => value ?? null);

const spent = z.object({
  reason: z.string(),
  imageId,
  expectedRevision: z.string().nullable(),
  targets: z.array(z.string()),
  host: z.string().nullable(),
  over: z.literal(true).optional(),
});

/** What is kept of a promotion both in its inputs, which is all that a check is shown, and in its state. */
const onRecord = {
  source: text,
  host: text,
  /** The engine that answered when the promotion was made; null: no target is on one. */
  engineId: text,
  spentReasons: z
    .array(spent)
    .nullish()
    .transform((value) => value ?? []),
};

const recorded = z.looseObject({
  ...onRecord,
  /** The image that the check was about; null: it was known at the update only. */
  promotesId: imageId
    .nullish()
    .catch(null)
    .transform((value) => value ?? null),
});

const state = z.looseObject({
  ...onRecord,
  imageId,
  timeouts: timeouts.optional().catch(undefined),
  digest: noDigest,
  /** The image's own label. */
  revision: text,
  targets: z.array(tagReference),
  /** Targets that stood for the image before the promotion first came to them. */
  adopted: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  /** Target -> what it stood for before. */
  previous: z
    .record(z.string(), digest.nullable())
    .nullish()
    .transform((value) => value ?? {}),
});

/** The inputs on record of a promotion that there is. */
export type Recorded = z.output<typeof recorded>;

/** The state of a promotion. */
export type PromotionState = z.output<typeof state>;

/** A promotion's state is none that this version writes. Code `state-unreadable`. */
export class StateUnreadableError extends VerifiedImagesError {
  constructor(error: z.ZodError) {
    const [issue] = error.issues;
    const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
    super(
      "state-unreadable",
      `the state of this promotion can't be read${where}: another version has written it; take it out of the state ` +
        "(pulumi state delete <urn>), which moves no tag, and promote again",
    );
  }
}

function read<T>(schema: z.ZodType<T>, properties: Readonly<Properties>): T {
  const answer = schema.safeParse(properties);
  if (!answer.success) throw new StateUnreadableError(answer.error);
  return answer.data;
}

/**
 * The inputs on record; null: there is no promotion yet.
 *
 * @throws {StateUnreadableError}
 */
export function readRecorded(olds: Readonly<Properties> | undefined): Recorded | null {
  return olds === undefined || Object.keys(olds).length === 0 ? null : read(recorded, olds);
}

/** @throws {StateUnreadableError} */
export const readState = (properties: Readonly<Properties>): PromotionState => read(state, properties);

/** What a target stands for where it is in place: the image's ID on the engine, the digest in a registry. */
export function promotedAt(
  { imageId, digest }: { imageId: ImageId; digest: Digest | null },
  target: string,
): Digest {
  return namesRegistry(target) ? (digest ?? imageId) : imageId;
}
