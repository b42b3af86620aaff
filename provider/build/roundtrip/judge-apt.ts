import { gone, outOfOrder, said, type Judgement } from "./judgement";
import { UNREACHABLE } from "./unreachable";

const PROOFS = [
  /^(?:E|Error): Package '[^']*' has no installation candidate/,
  /^(?:E|Error): Version '[^']*' for '[^']*' was not found/,
  /^(?:E|Error): Unable to locate package /,
  // The index still names the package, and the archive answers that it no longer has the file.
  /^(?:E|Error): Failed to fetch \S+\.deb +404 /,
  /^(?:E|Error): Unable to correct problems, you have held broken packages/,
  /^(?:E|Error): Unable to satisfy dependencies\./,
];
/** Lines with particulars: shown, but no proof. */
const DETAILS = [/^ \S+ : (?:Pre-)?Depends: /];

/** The beginning of a line in which apt or apt-get speaks of its own work. */
const OWN = /^(?:[EWN]|Error|Warning|Notice): |^(?:Err|Ign):[0-9]+ |^ {2}\S/;

/**
 * Judges a RUN in which apt failed. apt reads its indexes once, maybe in an earlier RUN, so that a failure there counts as
 * well. Null: apt did not say that anything can't be had.
 *
 * @param lines what the RUN printed
 * @param all what all steps of the build printed
 */
export function judgeApt(lines: readonly string[], all: readonly string[]): Judgement | null {
  if (!lines.some((line) => PROOFS.some((sign) => sign.test(line)))) return null;
  const trouble = [...lines, ...all.filter((line) => OWN.test(line))].filter((line) =>
    UNREACHABLE.some((sign) => sign.test(line)),
  );
  if (trouble.length > 0)
    return outOfOrder(`an archive of apt was out of order: ${said(trouble.slice(0, 2))}`);
  const words = lines.filter((line) => [...DETAILS, ...PROOFS].some((sign) => sign.test(line)));
  return gone(`apt could not repeat the locked installation: ${said(words)}`);
}
