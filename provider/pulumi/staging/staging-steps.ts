import { z } from "zod";
import { VerifiedImagesError } from "../../base/errors/base";
import { STAGING_SHAPES } from "../../stage/inputs/staging-shapes";

const before = z
  .array(z.object({ id: z.string(), name: z.string(), running: z.boolean() }))
  .nullish()
  .transform((list) => list ?? []);
const env = z
  .record(z.string(), z.string())
  .nullish()
  .transform((record) => record ?? {});
const { compose, production } = STAGING_SHAPES;

/** What a container is made from. */
const order = {
  name: z.string(),
  imageId: z.string(),
  port: z.number(),
  containerPort: z.number().nullish(),
  production: production.nullish(),
  env,
};

/** A release that the step `slot` has planned. */
const planned = z.object({ name: z.string(), release: z.string(), before });
/** A release whose container is made. */
const made = planned.extend({ containerId: z.string(), imageId: z.string() });

/** The properties of each step that its provider reads, from inputs or state. */
export const STEPS = {
  /** Inputs of the step `slot`. */
  slot: z.object({ ...order, compose: compose.nullish() }),
  planned,
  /** The part of a state that is compared with what runs. */
  recorded: z.object({ name: z.string(), release: z.string(), imageId: z.string() }),
  /** Inputs of the step that makes a container in a compose service. */
  compose: planned.extend({ ...order, compose, owner: z.string() }),
  health: made.extend({ url: z.string(), healthTimeout: z.number() }),
  verdict: made.extend({
    checkOutput: z
      .string()
      .nullish()
      .transform((text) => text ?? ""),
    // null: the argument was left out.
    expectedRevision: z.string().nullish(),
    enabled: z.boolean().nullish(),
    root: z.string().nullish(),
    requireVerified: z.boolean().nullish(),
  }),
};

/**
 * Reads the inputs or the state of a step.
 *
 * @throws {VerifiedImagesError} when another version has written them
 */
export function readStep<T>(schema: z.ZodType<T>, properties: unknown): T {
  const read = schema.safeParse(properties);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new VerifiedImagesError(
    "staging-state",
    `${issue?.path.join(".") ?? ""} of a staged release's step can't be read (${issue?.message ?? ""}); is another version installed than the one that made the state?`,
  );
}
