import { tailOf } from "../../base/process/tail";
import { readBuildOutput } from "./failed-step";

/** Why a locked rebuild failed. */
export interface RebuildFailure {
  /** true only with proof that the recipe can't be repeated from its lock. */
  recipeIsToBlame: boolean;
  reason: string;
}

/** Signs that an index or archive could not be reached, or that the machine failed. Then nothing is proven. */
const UNREACHABLE = [
  // npm says "Could not resolve dependency" of a version conflict; that is no failed name look-up.
  /Could not resolve (?:host|proxy|'|")|Temporary failure (?:in name resolution|resolving)/i,
  /Name or service not known|Name does not resolve|No address associated with hostname/i,
  /Unable to connect to|(?:Could not|Cannot) (?:initiate the )?connect|Could not handshake/i,
  /Connection (?:refused|timed out|reset|failed|aborted)|Network is unreachable|No route to host/i,
  /NewConnectionError|\w+TimeoutError|ProxyError|SSLError|Retrying \(Retry\(/,
  /CERTIFICATE_VERIFY_FAILED|certificate verif\w+ failed/i,
  /\bE(?:CONNREFUSED|CONNRESET|CONNABORTED|NOTFOUND|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH)\b/,
  /\b(?:ERR_SOCKET_TIMEOUT|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(?:GET|VERIFY)_\w+|CERT_HAS_EXPIRED)\b/,
  /\b(?:401|403|407|429|5[0-9][0-9]) +(?:Unauthorized|Forbidden|Proxy|Too Many|Client Error)/i,
  /\b5[0-9][0-9] +(?:Server Error|Internal|Bad Gateway|Service|Gateway)/i,
  /npm (?:ERR!|error) code E(?:401|403|407|429|5[0-9][0-9])\b/,
  /Some index files failed to download|and is therefore disabled by default/,
  /Mirror sync in progress|Hash Sum mismatch|Release file for \S+ is (?:expired|not valid yet)/,
  /No space left on device|Cannot allocate memory|context canceled/i,
];

interface Tool {
  name: string;
  /** The exit code that goes with the proofs. */
  exitCode: number;
  /** Any of these lines proves that a locked package is gone, or that locked packages conflict. */
  proofs: RegExp[];
  /** Lines with particulars: shown, but no proof. */
  details: RegExp[];
}

/**
 * pip prints these also when its index answers with an error (401, 403, 5xx), without mentioning that error. So they prove
 * something only together with a sign that an index was read during this build.
 */
const PIP_CONFLICT = /^ERROR: (?:ResolutionImpossible|No matching distribution found for )/;
const PIP_INDEX_READ = /\(from versions: (?!none\))|^ +Downloading \S+\.(?:whl|tar\.\w+|zip)\b/;

const TOOLS: Tool[] = [
  {
    name: "apt",
    exitCode: 100,
    proofs: [
      /^(?:E|Error): Package '[^']*' has no installation candidate/,
      /^(?:E|Error): Version '[^']*' for '[^']*' was not found/,
      /^(?:E|Error): Unable to locate package /,
      // The index still names the package, and the archive answers that it no longer has the file.
      /^(?:E|Error): Failed to fetch \S+\.deb +404 /,
      /^(?:E|Error): Unable to correct problems, you have held broken packages/,
      /^(?:E|Error): Unable to satisfy dependencies\./,
    ],
    details: [/^ \S+ : (?:Pre-)?Depends: /],
  },
  {
    name: "pip",
    exitCode: 1,
    proofs: [/^ERROR: Could not find a version that satisfies .* \(from versions: (?!none\))/],
    details: [/^ERROR: Cannot install /, /^ {4}The user requested /, /^ {4}\S+ \S+ depends on /],
  },
  {
    name: "npm",
    exitCode: 1,
    proofs: [
      /^npm (?:ERR!|error) notarget No matching version found for /,
      /^npm (?:ERR!|error) code (?:ENOVERSIONS|ERESOLVE|EINTEGRITY)\b/,
      // Only for packages without a scope: for a scoped one a registry may answer 404 to those who lack access.
      /^npm (?:ERR!|error) 404 Not Found - GET https?:\/\/(?!\S*(?:@|%40))\S+/,
    ],
    details: [
      /^npm (?:ERR!|error) (?:peer|No versions available for) /,
      /^npm (?:ERR!|error) .*integrity checksum failed/,
    ],
  },
];

/** How many lines of a tool's output are repeated, and how many characters of each. */
const SHOWN = { lines: 4, characters: 300 };

/**
 * Reads a failed rebuild's log and decides whether the recipe is to blame. That takes all of these: the build ended in a
 * step with a package tool's exit code, the tool itself says in that step that a locked version is gone or that the pins
 * conflict, and every index was reached. Anything else proves nothing.
 */
export function judgeRebuildFailure(log: string): RebuildFailure {
  const { lines, failed } = readBuildOutput(log);
  const unproven = (reason: string): RebuildFailure => ({ recipeIsToBlame: false, reason });
  if (failed === null) return unproven("the build was not ended by a command of the recipe");
  if (lines.some((line) => UNREACHABLE.some((sign) => sign.test(line)))) {
    return unproven("an index or archive could not be reached");
  }
  for (const tool of TOOLS.filter(({ exitCode }) => exitCode === failed.exitCode)) {
    const proofs = [...tool.proofs];
    if (tool.name === "pip" && lines.some((line) => PIP_INDEX_READ.test(line))) proofs.push(PIP_CONFLICT);
    if (!failed.lines.some((line) => proofs.some((sign) => sign.test(line)))) continue;
    const said = failed.lines.filter((line) => [...tool.details, ...proofs].some((sign) => sign.test(line)));
    const words = [...new Set(said)].slice(0, SHOWN.lines).map((line) => tailOf(line, 1).trim());
    const shown = words.map((line) => line.slice(0, SHOWN.characters)).join("; ");
    return {
      recipeIsToBlame: true,
      reason: `${tool.name} could not repeat the locked installation: ${shown}`,
    };
  }
  if (failed.lines.some((line) => PIP_CONFLICT.test(line))) {
    return unproven("pip found no version that fits; nothing shows that its index was reached");
  }
  return unproven("the log does not prove that the recipe is to blame");
}
