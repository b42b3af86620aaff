import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Fields that a later version adds are let through: what counts is that the line is what was written. */
const schema = z.looseObject({
  schema: z.literal(1),
  /** When, RFC 3339 UTC. */
  at: z.iso.datetime(),
  /** Who, as far as the machine knows; `actor` is whom CI names, null elsewhere. */
  by: z.looseObject({ user: z.string(), host: z.string(), actor: z.string().nullable() }),
  /** URN of the resource, which names stack and project; null outside Pulumi. */
  urn: z.string().nullable(),
  /** The engine, as the input `host` names it; null: the default one. Receipts of earlier versions don't say. */
  host: z.string().nullish(),
  /** What was asked for. */
  source: z.string(),
  imageId: z.string(),
  digest: z.string().nullable(),
  targets: z.array(z.string()),
  /** Those of the targets that were not in place before; none: an adoption, or judged anew. */
  moved: z.array(z.string()),
  /** The image's own label. */
  revision: z.string().nullable(),
  expectedRevision: z.string().nullable(),
  verdict: z.string(),
  verified: z.enum(["verified", "unverified", "unknown"]),
  /** Why the gate was overridden, and what it had refused; null: it was not. */
  override: z.looseObject({ reason: z.string(), refused: z.array(z.string()) }).nullable(),
  /**
   * Why the promotion failed after all, where it could not put everything back: the receipt is of the targets that it
   * left moved. null: it was made. Receipts of earlier versions don't say.
   */
  failed: z.string().nullish(),
  /** Target -> image ID or digest that it had before, or null. */
  previous: z.record(z.string(), z.string().nullable()),
  /** SHA-256 of a line that a crash has cut off, which stood where this one does; null: there was none. */
  torn: hash.nullable(),
  /** SHA-256 of the line before, without its newline; null in the first line. */
  prev: hash.nullable(),
  /** SHA-256 of this receipt's canonical JSON without this field. */
  hash,
});

/** One promotion, as a line of the history has it. */
export type Receipt = z.infer<typeof schema>;

/** A receipt before it has its place in the chain. */
export type ReceiptFacts = Omit<Receipt, "schema" | "torn" | "prev" | "hash">;

/** `sha256:` and hex of bytes; a string stands for its UTF-8 bytes. */
export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("a receipt without a JSON form");
  return text;
}

/**
 * A receipt's line in the history: canonical JSON (RFC 8785), without a newline.
 *
 * @param before the line before, without its newline; null: it is the first
 * @param torn what a crash has cut off and left in its place; null: nothing
 */
export function receiptLine(facts: ReceiptFacts, before: string | null, torn: Uint8Array | null): string {
  const linked = {
    ...facts,
    schema: 1,
    torn: torn === null ? null : sha256(torn),
    prev: before === null ? null : sha256(before),
  };
  return canonical({ ...linked, hash: sha256(canonical(linked)) });
}

/** A line read on its own: a receipt, with what is wrong with it, or null when it is none. */
export function readLine(line: string): { receipt: Receipt; edited: boolean } | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const { success, data } = schema.safeParse(value);
  if (!success) return null;
  const { hash: own, ...rest } = data;
  return { receipt: data, edited: canonical(data) !== line || sha256(canonical(rest)) !== own };
}
