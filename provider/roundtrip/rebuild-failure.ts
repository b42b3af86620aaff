/** Why a locked rebuild did not end in an image. */
export interface RebuildFailure {
  /** true only on positive proof that the recipe can't be repeated from its lock. */
  recipeIsToBlame: boolean;
  reason: string;
}

/** Signs that an index or archive could not be reached: then nothing is proven about the recipe. */
const UNREACHABLE = [
  /Could not resolve|Temporary failure (?:in name resolution|resolving)|Name or service not known/i,
  /Unable to connect to|Connection (?:refused|timed out|reset)|Network is unreachable/i,
  /Failed to establish a new connection|NewConnectionError|ReadTimeoutError|SSLError|CERTIFICATE_VERIFY_FAILED/,
  /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|SELF_SIGNED_CERT_IN_CHAIN)\b/,
  /\b50[0234] (?:Server Error|Internal|Bad Gateway|Service Unavailable|Gateway)/i,
  /No space left on device|Cannot allocate memory|context canceled/i,
];

/** Positive proof, per tool, that what the lock names can't be had any more or can't be combined. */
const PROOFS: { tool: string; sign: RegExp }[] = [
  { tool: "apt", sign: /E: Package '?([^'\s]+)'? has no installation candidate/ },
  { tool: "apt", sign: /E: Version '[^']+' for '([^']+)' was not found/ },
  { tool: "apt", sign: /E: Unable to locate package (\S+)/ },
  { tool: "apt", sign: /E: Unable to correct problems, you have held broken packages/ },
  { tool: "apt", sign: /The following packages have unmet dependencies:/ },
  { tool: "pip", sign: /ERROR: No matching distribution found for (\S+)/ },
  {
    tool: "pip",
    sign: /ERROR: Cannot install .* because these package versions have conflicting dependencies/,
  },
  { tool: "pip", sign: /ERROR: ResolutionImpossible/ },
  { tool: "npm", sign: /npm (?:ERR!|error) (?:code ETARGET|notarget No matching version found for (\S+))/ },
  { tool: "npm", sign: /npm (?:ERR!|error) code EINTEGRITY/ },
  // A locked tarball: the registry answered, and no longer has it.
  { tool: "npm", sign: /npm (?:ERR!|error) 404 Not Found - GET \S+\.tgz\b/ },
];

/**
 * Reads a failed rebuild's log. Only a tool's own statement that a pinned version is gone, or that the pins
 * contradict each other, while no index was unreachable, blames the recipe; everything else proves nothing.
 * Pure.
 */
export function judgeRebuildFailure(log: string): RebuildFailure {
  if (UNREACHABLE.some((sign) => sign.test(log))) {
    return { recipeIsToBlame: false, reason: "an index or archive could not be reached" };
  }
  for (const { tool, sign } of PROOFS) {
    const line = log.split("\n").find((text) => sign.test(text));
    if (line !== undefined) {
      const words = line.replace(/^#[0-9]+ [0-9.]+ /, "").trim();
      return { recipeIsToBlame: true, reason: `${tool} could not repeat the locked installation: ${words}` };
    }
  }
  return { recipeIsToBlame: false, reason: "the log does not prove that the recipe is to blame" };
}
