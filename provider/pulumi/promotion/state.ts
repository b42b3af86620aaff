import { z } from "zod";
import { VerifiedImagesError } from "../../base/errors/base";
import { digest, imageId, registryDigest, target } from "../../base/reference/schemas";
import type { Digest, ImageId, RegistryDigest } from "../../base/reference/types";
import { timeouts } from "../../inputs/shapes";
import { namesRegistry } from "../../engines/registry/address";
import type { Properties } from "../host/properties";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const noDigest = registryDigest.nullish().transform((value) => value ?? null);

const spent = z.object({
  reason: z.string(),
  imageId,
  expectedRevision: z.string().nullable(),
  targets: z.array(z.string()),
  host: z.string().nullable(),
  over: z.literal(true).optional(),
});

/** Kept both in the inputs and in the state, because a check only sees the earlier inputs. */
const onRecord = {
  source: text,
  host: text,
  /** The engine that answered when the promotion was made; null: no target is on one. */
  engineId: text,
  /** How that engine kept its images; null: it does not tell, or an older version has written this. */
  engineStore: text,
  spentReasons: z
    .array(spent)
    .nullish()
    .transform((value) => value ?? []),
};

const recorded = z.looseObject({
  ...onRecord,
  /** The image that the check judged; null: it was not known before the update. */
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
  /** The image's own revision label. */
  revision: text,
  targets: z.array(target),
  /** The store with the receipts, relative to the program's directory. */
  root: text,
  resourceUrn: text,
  /** Targets that pointed at the image already before this resource first promoted to them. */
  adopted: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  /** Target -> image ID or digest that it pointed at before; null: it did not exist. */
  previous: z
    .record(z.string(), digest.nullable())
    .nullish()
    .transform((value) => value ?? {}),
});

/** The earlier inputs of a promotion, as a check sees them. */
export type Recorded = z.output<typeof recorded>;

/** The state of a promotion. */
export type PromotionState = z.output<typeof state>;

/** A state that this version can't read. Code `state-unreadable`. */
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
 * Reads the earlier inputs; null: there is no promotion yet.
 *
 * @throws {StateUnreadableError} when another version has written them
 */
export function readRecorded(olds: Readonly<Properties> | undefined): Recorded | null {
  return olds === undefined || Object.keys(olds).length === 0 ? null : read(recorded, olds);
}

/** @throws {StateUnreadableError} when another version has written it */
export const readState = (properties: Readonly<Properties>): PromotionState => read(state, properties);

/** What a target points at while it is in place: the image ID on the engine, the digest in a registry. */
export function promotedAt(
  { imageId, digest }: { imageId: ImageId; digest: RegistryDigest | null },
  target: string,
): Digest {
  return namesRegistry(target) ? (digest ?? imageId) : imageId;
}
