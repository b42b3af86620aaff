import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Unknown fields are kept, for a later version may add some. What counts is that the line is as it was written. */
const schema = z.looseObject({
  schema: z.literal(1),
  /** Time of the promotion, RFC 3339 in UTC. */
  at: z.iso.datetime(),
  /** Who promoted, as far as the machine knows; `actor` is the person whom CI names, null outside CI. */
  by: z.looseObject({ user: z.string(), host: z.string(), actor: z.string().nullable() }),
  /** URN of the resource, which contains stack and project; null outside Pulumi. */
  urn: z.string().nullable(),
  /** The engine, as in the input `host`; null: the default one. Receipts of earlier versions lack it. */
  host: z.string().nullish(),
  /** The input `source`. */
  source: z.string(),
  imageId: z.string(),
  digest: z.string().nullable(),
  targets: z.array(z.string()),
  /** The targets that were moved; the others pointed at the image already. */
  moved: z.array(z.string()),
  /** The image's own revision label. */
  revision: z.string().nullable(),
  expectedRevision: z.string().nullable(),
  verdict: z.string(),
  verified: z.enum(["verified", "unverified", "unknown"]),
  /** Why the gate was overridden, and what it had refused; null: no override. */
  override: z.looseObject({ reason: z.string(), refused: z.array(z.string()) }).nullable(),
  /**
   * Why the promotion failed; the receipt then lists the targets that could not be put back. null: it succeeded. Receipts
   * of earlier versions lack it.
   */
  failed: z.string().nullish(),
  /**
   * What belongs to the image and was copied with it, for each repository that is not the image's own. Receipts of earlier
   * versions, and of promotions that failed, lack it.
   */
  along: z
    .array(
      z.looseObject({
        repository: z.string(),
        signatures: z.number(),
        attestations: z.number(),
        sboms: z.number(),
        referrers: z.number(),
        /** Manifests that were there already. */
        there: z.number(),
        /** Tags that stand for something else there, and were kept. */
        kept: z.array(z.string()),
        /** Why the registry was not asked for referrers; null: it was. */
        unasked: z.string().nullable(),
      }),
    )
    .nullish(),
  /** Target -> image ID or digest that it pointed at before; null: it did not exist. */
  previous: z.record(z.string(), z.string().nullable()),
  /** SHA-256 of the line that a crash cut off in this line's place; null: there was none. */
  torn: hash.nullable(),
  /** SHA-256 of the line before, without its newline; null: this is the first line. */
  prev: hash.nullable(),
  /** SHA-256 of this receipt's canonical JSON without this field. */
  hash,
});

/** One promotion, as one line of the history. */
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
 * @param before the line before, without its newline; null: this is the first line
 * @param torn the bytes of a line that a crash cut off in this line's place; null: there are none
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

/** Reads one line by itself; null: it is no receipt. `edited`: the line is not as it was written. */
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
