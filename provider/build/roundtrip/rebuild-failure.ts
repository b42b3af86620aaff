import { tailOf } from "../../base/process/tail";
import { readBuildOutput } from "./failed-step";

/** Why a locked rebuild did not end in an image. */
export interface RebuildFailure {
  /** true only on positive proof that the recipe can't be repeated from its lock. */
  recipeIsToBlame: boolean;
  reason: string;
}

/** Signs that an index or archive was not had, or that the machine failed: then nothing is proven. */
const UNREACHABLE = [
  // "Could not resolve dependency" is npm's word for a conflict, not for a name.
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
  /** What the tool exits with when it says so. */
  exitCode: number;
  /** Any of them is positive proof that something locked can't be had any more, or can't be combined. */
  proofs: RegExp[];
  /** Lines that say what exactly; shown, but no proof. */
  details: RegExp[];
}

/**
 * pip says that its constraints conflict, and that it found no version at all, also when its index answers
 * with an error (401, 403, 5xx), of which it says nothing: alone neither proves anything. With a sign that an
 * index was read during this build it does.
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
      // The index still names it, the archive answers, and has dropped it.
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
      // Of a scoped package a registry also says so to those who may not see it.
      /^npm (?:ERR!|error) 404 Not Found - GET https?:\/\/(?!\S*(?:@|%40))\S+/,
    ],
    details: [
      /^npm (?:ERR!|error) (?:peer|No versions available for) /,
      /^npm (?:ERR!|error) .*integrity checksum failed/,
    ],
  },
];

/** Lines of a tool's statement that are repeated, and characters of each. */
const SHOWN = { lines: 4, characters: 300 };

/**
 * Reads a failed rebuild's log. Only a package tool's own statement, in the step that ended the build and with
 * the tool's exit code, that a locked version is gone or that the pins contradict each other, while every
 * index was reached, blames the recipe. Everything else proves nothing.
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
