import { type ShellCall } from "../shell-calls";
import { type RunFacts } from "./rule";

const CHECKERS = /^(?:sha(?:224|256|384|512)sum|b2sum|shasum)$/;
const DIGEST = /^(?:[0-9a-f]{56,128}|\$\{?[A-Za-z_]\w*\}?)$/i;
const PRINTERS = /^(?:echo|printf)$/;

/**
 * Whether the RUN, after `call`, checks the file against a checksum that the recipe contains:
 * `echo "<digest>  file" | sha256sum -c`. The following don't count: a list of checksums in a file, a digest that a
 * command printed, and a check whose failure does not end the RUN.
 */
export function isVerifiedAfter(call: ShellCall, file: string, facts: RunFacts): boolean {
  const index = facts.calls.findIndex(({ word }) => word === call.word);
  return facts.calls
    .slice(index + 1)
    .some((check) => (call.perhaps || !check.perhaps) && checks(check, facts).has(normalised(file)));
}

/** Like {@link isVerifiedAfter}, but the check may be anywhere in the RUN. */
export function isVerifiedFile(file: string, facts: RunFacts): boolean {
  return facts.calls.some((check) => checks(check, facts).has(normalised(file)));
}

function checks(check: ShellCall, facts: RunFacts): Set<string> {
  const none = new Set<string>();
  const asks = check.args.some(({ text }) => /^(?:-[a-z]*c|--check)$/.test(text));
  if (!CHECKERS.test(check.name) || !asks || check.condition || !endsRun(check, facts)) return none;
  if (
    check.name === "shasum" &&
    !check.args.some(({ text }) => /^(?:-a|--algorithm=)?(?:256|384|512)/.test(text))
  ) {
    return none;
  }
  const writer = check.reads();
  const printed =
    writer && PRINTERS.test(writer.name)
      ? writer.args
      : check.redirects.flatMap(({ operator, target, body }) =>
          operator === "<<<" ? [target] : body ? [{ ...body, substituted: false }] : [],
        );
  if (printed.some(({ substituted }) => substituted)) return none;
  const words = printed.flatMap(({ text }) => text.split(/\s+|\\n/)).filter((word) => word !== "");
  const digests = words.filter((word) => DIGEST.test(word) && !isComputed(word, facts));
  return digests.length === 0 ? none : new Set(words.map((word) => normalised(word.replace(/^\*/, ""))));
}

/** Whether a word is a variable that the RUN itself sets from the output of a command. */
function isComputed(word: string, { calls }: RunFacts): boolean {
  const name = /^\$\{?(\w+)/.exec(word)?.[1];
  return (
    name !== undefined &&
    calls.some(({ environment, args }) =>
      [...environment.assigned, ...args].some(
        ({ text, substituted }) => substituted && text.startsWith(`${name}=`),
      ),
    )
  );
}

function endsRun({ after }: ShellCall, { strict }: RunFacts): boolean {
  return after === "&&" || after === "" || after === ")" || (strict && (after === ";" || after === "\n"));
}

/** The last part of a path, with `${NAME}` written as `$NAME`. */
function normalised(file: string): string {
  return file.replace(/\$\{(\w+)\}/g, "$$$1").replace(/^.*\//, "");
}
