import { z } from "zod";
import { isDigest } from "../../base/reference/grammar";
import { LockError } from "./errors";
import { ECOSYSTEMS, NOT_CAPTURED, type Lock } from "./types";

/** The schema versions of locks that this package reads. It writes the last one. */
export const KNOWN_SCHEMAS: readonly number[] = [2];

const text = z
  .string()
  .refine((value) => !/\p{Surrogate}/u.test(value), "must be well-formed Unicode, without lone surrogates");
const filled = text.min(1, "must not be empty");
const digest = text.refine(isDigest, "must be sha256: and 64 hex digits, or sha512: and 128");
const ecosystem = z.enum(ECOSYSTEMS);

const lockSchema = z.strictObject({
  schema: z.literal(2),
  bases: z.array(z.strictObject({ reference: filled, digest })),
  packages: z.array(
    z.strictObject({
      ecosystem,
      name: filled,
      version: text,
      arch: text.optional(),
      root: text.optional(),
      hash: text.optional(),
      stage: text.optional(),
      transient: z.literal(true).optional(),
      run: z.int().min(1).optional(),
    }),
  ),
  sources: z.array(z.strictObject({ ecosystem, entry: filled })),
  unpinned: z.array(z.strictObject({ line: z.int().min(1), kind: filled, text, reason: text })),
  // Locks that were written before this field have none.
  notCaptured: z.array(text.startsWith(NOT_CAPTURED)).default([]),
});

/**
 * Checks every field of a lock. A field that the schema does not have is an error.
 *
 * @param advice what the reader of the error should do next, a sentence
 * @throws {LockError} that names the path of every wrong field
 */
export function validateLock(value: unknown, advice: string): Lock {
  const result = lockSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`);
  throw new LockError(problems, advice, { cause: result.error });
}

function pathText(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return joined.replace(/^\./, "") || "the document";
}
