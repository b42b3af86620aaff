import { receiptLine, type ReceiptFacts } from "../../../../provider/promote/receipts/receipt";
import { id } from "../../store/scratch";

export const REVISION = "a1".repeat(20);

/** A promotion of `web:production`, with what a test wants to be different. */
export function factsWith(changes: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    ...{ at: "2026-01-01T00:00:01.000Z", by: { user: "ann", host: "box", actor: null }, host: null },
    urn: "urn:pulumi:dev::web::pulumi-nodejs:dynamic/verified-images:PromotedImage::production",
    ...{ source: id("a"), imageId: id("a"), digest: null, revision: REVISION, expectedRevision: REVISION },
    ...{ targets: ["web:production"], moved: ["web:production"], previous: { "web:production": null } },
    ...{ verdict: "provenance match: a1a1a1a1a1a1", verified: "verified", override: null },
    ...changes,
  };
}

/** Lines that follow each other. */
export function chainOf(...facts: ReceiptFacts[]): string[] {
  const lines: string[] = [];
  for (const one of facts) lines.push(receiptLine(one, lines.at(-1) ?? null, null));
  return lines;
}

/** A history's bytes. */
export const bytesOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(""));
