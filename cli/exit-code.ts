import { isVerifiedImagesError } from "../provider/base/errors/base";

/** Exit codes of the command. */
export const EXIT = {
  /** Done, and yes. */
  yes: 0,
  /** No: refused, not verified, failed, differs. */
  no: 1,
  /** Wrong usage or inputs: nothing was done. */
  usage: 2,
  /** Nobody can tell: the engine or the store can't be reached or read. */
  unknown: 3,
  /** A fault in the command itself (EX_SOFTWARE, sysexits.h). */
  fault: 70,
} as const;

/** Errors that are an answer, or the user's to mend; every other one of this package leaves the question open. */
const CODES: Record<string, number> = {
  "not-verified": EXIT.no,
  "build-failed": EXIT.no,
  input: EXIT.usage,
  recipe: EXIT.usage,
  "reference-invalid": EXIT.usage,
  settings: EXIT.usage,
  view: EXIT.usage,
};

/** What an error exits with. */
function codeOf(error: unknown, command: string | undefined): number {
  if (!isVerifiedImagesError(error)) return EXIT.fault;
  // A rebuild that fails without proof against its recipe says nothing about the build.
  if (command === "verify" && error.code === "build-failed") return EXIT.unknown;
  return CODES[error.code] ?? EXIT.unknown;
}

/** The exit code for an error in a command; for `gate` every doubt is a no. */
export function exitCodeOf(error: unknown, command: string | undefined): number {
  return doubtful(codeOf(error, command), command);
}

/** The exit code for a command line that can't be understood. */
export function usageCode(command: string | undefined): number {
  return doubtful(EXIT.usage, command);
}

function doubtful(code: number, command: string | undefined): number {
  return command === "gate" && code !== EXIT.yes ? EXIT.no : code;
}
