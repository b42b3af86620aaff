import type { Digest } from "../../../base/reference/types";
import type { AttachedKind } from "./attached";

/** How many characters of algorithm and hash go into a tag (OCI distribution spec, referrers tag schema). */
const [ALGORITHM, HASH] = [32, 64];

/** The suffixes of cosign's tags, and what each holds. */
const SUFFIXES = [
  [".sig", "signature"],
  [".att", "attestation"],
  [".sbom", "sbom"],
] as const;

/** The tag that lists a manifest's referrers, in registries that can't be asked for them. */
export function referrersTag(digest: Digest): string {
  const [algorithm = "", hash = ""] = digest.split(":");
  return `${algorithm.slice(0, ALGORITHM)}-${hash.slice(0, HASH)}`;
}

/** The tags under which cosign keeps what it says of a manifest. */
export function cosignTags(digest: Digest): { tag: string; kind: AttachedKind }[] {
  return SUFFIXES.map(([suffix, kind]) => ({ tag: `${digest.replace(":", "-")}${suffix}`, kind }));
}
