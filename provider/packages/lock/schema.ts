import { z } from "zod";
import { isDigest } from "../../base/reference/grammar";
import { LockError } from "./errors";
import { ECOSYSTEMS, NOT_CAPTURED, type Lock } from "./types";

/** The schema versions of locks that this package reads. It writes the last one. */
export const KNOWN_SCHEMAS: readonly number[] = [2, 3];

const text = z
  .string()
  .refine((value) => !/\p{Surrogate}/u.test(value), "must be well-formed Unicode, without lone surrogates");
const filled = text.min(1, "must not be empty");
const digest = text
  .refine(isDigest, "must be sha256: and 64 hex digits, or sha512: and 128")
  .meta({ pattern: "^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$" });
const ecosystem = z.enum(ECOSYSTEMS);
const run = z.int().min(1);
const stages = z.array(text);

/** What every lock has. */
const contents = {
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
      run: run.optional(),
    }),
  ),
  sources: z.array(z.strictObject({ ecosystem, entry: filled })),
  unpinned: z.array(z.strictObject({ line: z.int().min(1), kind: filled, text, reason: text })),
};
const notCaptured = z.array(text.startsWith(NOT_CAPTURED));

/** Locks of earlier versions, from which nothing can be built. */
const schema2 = z.strictObject({
  schema: z.literal(2),
  ...contents,
  // Locks that were written before this field have none.
  notCaptured: notCaptured.default([]),
});

/** The schema of the locks that this package writes. The JSON Schema is made from it. */
export const lockSchema = z.strictObject({
  schema: z.literal(3),
  ...contents,
  notCaptured,
  recipe: z.array(z.strictObject({ instruction: filled, hash: digest })).min(1, "must not be empty"),
  target: filled.optional(),
  platform: filled,
  npmProjects: z.array(
    z.strictObject({
      root: filled,
      stage: filled.optional(),
      run: run.optional(),
      text: z.array(text).min(1, "must not be empty"),
    }),
  ),
  replaced: z.array(
    z.strictObject({ stage: filled.optional(), run, name: filled, versions: z.array(filled).min(1) }),
  ),
  incomplete: stages,
  unordered: stages,
}) satisfies z.ZodType<Lock>;

/**
 * Checks every field of a lock. A field that the schema does not have is an error.
 *
 * @param advice what the reader of the error should do next, a sentence
 * @throws {LockError} that names the path of every wrong field
 */
export function validateLock(value: unknown, advice: string): Lock {
  const old = typeof value === "object" && value !== null && "schema" in value && value.schema === 2;
  const result = (old ? schema2 : lockSchema).safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`);
  throw new LockError(problems, advice, { cause: result.error });
}

function pathText(path: readonly PropertyKey[]): string {
  const joined = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return joined.replace(/^\./, "") || "the document";
}
