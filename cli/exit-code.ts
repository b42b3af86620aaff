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
  { code: EXIT.unknown, meaning: "unknown: the engine or the store can't be reached or read" },
  { code: EXIT.fault, meaning: "a fault in this command" },
];

/** Exit codes by the code of an error. Any other error of this package leaves the question open: `EXIT.unknown`. */
const CODES: Record<string, number> = {
  "not-verified": EXIT.no,
  "stamp-in-doubt": EXIT.no,
  "lock-file": EXIT.usage,
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

/** The exit code for an error, before doubts count as a no. */
function codeOf(error: unknown, command: string | undefined): number {
  if (!isVerifiedImagesError(error)) return EXIT.fault;
  // A rebuild that fails without proof against its recipe gives no verdict.
  if (command === "verify" && error.code === "build-failed") return EXIT.unknown;
  return CODES[error.code] ?? EXIT.unknown;
}

/** Commands whose exit code is 1 for every doubt. */
const STRICT = ["gate", "promote"];

/** The exit code for an error in a command. */
export function exitCodeOf(error: unknown, command: string | undefined): number {
  return doubtful(codeOf(error, command), command);
}

/** The exit code for a malformed command line. */
export function usageCode(command: string | undefined): number {
  return doubtful(EXIT.usage, command);
}

function doubtful(code: number, command: string | undefined): number {
  return STRICT.includes(command ?? "") && code !== EXIT.yes ? EXIT.no : code;
}
