import type { AttachedKind } from "./attached";

/** What came along to one repository with an image. */
export interface Brought {
  /** Where to: host and path. */
  repository: string;
  signatures: number;
  attestations: number;
  sboms: number;
  referrers: number;
  /** How many manifests that belong to the image the repository had already. */
  there: number;
  /** Tags that stand for something else there. They were kept, and what the source has at them did not come along. */
  kept: string[];
  /** Why the source's registry was not asked for referrers; null: it was. */
  unasked: string | null;
}

const FIELDS = {
  signature: "signatures",
  attestation: "attestations",
  sbom: "sboms",
  referrer: "referrers",
} as const satisfies Record<AttachedKind, keyof Brought>;

/** Counts one attachment that came along. */
export function counted(brought: Brought, kind: AttachedKind, count: number): Brought {
  const field = FIELDS[kind];
  return { ...brought, [field]: brought[field] + count };
}

const some = (count: number, one: string): string[] =>
  count === 0 ? [] : [`${count} ${one}${count === 1 ? "" : "s"}`];

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/** What came along to one repository: `2 signatures and 1 SBOM came along`; null: nothing did. */
function cameWords({ signatures, attestations, sboms, referrers }: Brought): string | null {
  const parts = [
    ...some(signatures, "signature"),
    ...some(attestations, "attestation"),
    ...some(sboms, "SBOM"),
    ...some(referrers, "referrer"),
  ];
  return parts.length === 0 ? null : `${joined(parts)} came along`;
}

/** What came along, in words; null: nothing did. With several repositories each is named. */
export function broughtWords(all: readonly Brought[]): string | null {
  const parts = all.flatMap((brought) => {
    const words = cameWords(brought);
    if (words === null) return [];
    return [all.length === 1 ? words : `${words} to ${brought.repository}`];
  });
  return parts.length === 0 ? null : parts.join("; ");
}

/** What did not come along, and what nobody could look for: a sentence for each. */
export function leftBehindWords(all: readonly Brought[]): string[] {
  const kept = all.flatMap(({ repository, kept }) =>
    kept.map(
      (tag) =>
        `${repository}:${tag} stands for something else than at the source and stays so: what the source has there did not come along`,
    ),
  );
  return [...kept, ...new Set(all.flatMap(({ unasked }) => (unasked === null ? [] : [unasked])))];
}
