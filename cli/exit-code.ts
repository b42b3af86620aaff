import { isVerifiedImagesError } from "../provider/base/errors/base";

/** Exit codes of the command; 70 is EX_SOFTWARE of sysexits.h. */
export const EXIT = { yes: 0, no: 1, usage: 2, unknown: 3, fault: 70 } as const;

/** What each exit code means. The help and the reference show this. */
export const EXIT_CODES: readonly { code: number; meaning: string }[] = [
  { code: EXIT.yes, meaning: "done, and yes" },
  {
    code: EXIT.no,
    meaning:
      "no: refused, not verified although required, failed to build, red on staging, differs, a broken history",
  },
  { code: EXIT.usage, meaning: "wrong usage or inputs: nothing was done" },
  { code: EXIT.unknown, meaning: "nobody can tell: the engine or the store can't be reached or read" },
  { code: EXIT.fault, meaning: "a fault in this command" },
];

/** Errors that are an answer, or the user's to mend; every other one of this package leaves the question open. */
const CODES: Record<string, number> = {
  "not-verified": EXIT.no,
  "build-failed": EXIT.no,
  "staging-red": EXIT.no,
  "promotion-refused": EXIT.no,
  "staging-blocked": EXIT.usage,
  "compose-unreadable": EXIT.usage,
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

/** Commands for which every doubt is a no. */
const STRICT = ["gate", "promote"];

/** The exit code for an error in a command. */
export function exitCodeOf(error: unknown, command: string | undefined): number {
  return doubtful(codeOf(error, command), command);
}

/** The exit code for a command line that can't be understood. */
export function usageCode(command: string | undefined): number {
  return doubtful(EXIT.usage, command);
}

function doubtful(code: number, command: string | undefined): number {
  return STRICT.includes(command ?? "") && code !== EXIT.yes ? EXIT.no : code;
}
