import type { Digest } from "../../../base/reference/types";

/** What refers to a manifest? */
export interface ReferrersQuestion {
  /** Host and path. */
  repository: string;
  host: string;
  digest: Digest;
  /** Whether the host, which is on loopback then, uses plain HTTP. */
  isPlain: boolean;
  /** Limit in milliseconds. */
  limitMs: number;
}

/** What is being done, for messages. */
export const asking = ({ repository, digest }: ReferrersQuestion): string =>
  `asking what refers to ${repository}@${digest}`;

/** Why a registry could not be asked, and what is lost thereby. */
export const unaskedWords = ({ host }: ReferrersQuestion, why: string): string =>
  `the registry ${host} was not asked for OCI referrers (${why}): if it has some that no tag lists, they did not come along; ` +
  "install oras (https://oras.land) to have them asked for";
