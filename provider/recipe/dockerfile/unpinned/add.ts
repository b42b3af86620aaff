import { execForm } from "../heredoc-words";
import { type CopyInstruction } from "../types";

const REMOTE = /^(?:(?:https?|ftp|git|ssh):\/\/|git@|github\.com\/)/i;
const GIT = /^(?:git|ssh):\/\/|^git@|^github\.com\/|\.git(?:#|$)/i;
const FULL_COMMIT = /#(?:[0-9a-f]{40}|[0-9a-f]{64})(?::|$)/i;

/**
 * The sources of an ADD that come from outside without a checksum: http(s) and Git addresses, except a Git address with
 * a full commit. A source that depends on an unknown variable is listed too.
 *
 * @param expand expands the variables of a word; null if they are unknown
 */
export function unpinnedAdd(
  add: CopyInstruction,
  expand: (written: string) => string | null,
): { offset: number; reason: string }[] {
  if (add.flags.some(({ name, value }) => name === "checksum" && value !== null)) return [];
  const json = execForm(add.args.text) !== null;
  const words = [...add.args.text.matchAll(json ? /"((?:[^"\\]|\\.)*)"/g : /([^\t\v\f\r ]+)/g)];
  return words.slice(0, -1).flatMap((match) => {
    const written = match[1] as string;
    const offset = add.args.offsets[match.index] as number;
    const source = expand(written);
    if (source === null) {
      const remote = /^\$|:\/\//.test(written);
      const reason = "What ADD fetches depends on a variable that is not known, and there is no --checksum.";
      return remote ? [{ offset, reason }] : [];
    }
    if (!REMOTE.test(source) || FULL_COMMIT.test(source)) return [];
    return [
      {
        offset,
        reason: GIT.test(source)
          ? "ADD takes what the repository has at the time of the build: there is neither a full commit nor a --checksum."
          : "ADD takes what the address serves at the time of the build: there is no --checksum.",
      },
    ];
  });
}
