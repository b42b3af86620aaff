import { type ShellCall } from "../shell-calls";
import { type RunFacts } from "./rule";

const CHECKERS = /^(?:sha(?:224|256|384|512)sum|b2sum|shasum)$/;
const DIGEST = /^(?:[0-9a-f]{56,128}|\$\{?[A-Za-z_]\w*\}?)$/i;
const PRINTERS = /^(?:echo|printf)$/;

/**
 * Whether the RUN checks, after `call`, the file's checksum against one that the recipe holds:
 * `echo "<digest>  file" | sha256sum -c`. A list of checksums that is a file itself, a digest that a command gave,
 * and a check whose failure does not end the RUN count for nothing.
 */
export function isVerifiedAfter(call: ShellCall, file: string, facts: RunFacts): boolean {
  const index = facts.calls.findIndex(({ word }) => word === call.word);
  return facts.calls.slice(index + 1).some((check) => checks(check, facts).has(normalised(file)));
}

/** The same with the check anywhere in the RUN. */
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

/** A variable that the RUN itself sets from a command's output. */
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

/** The last part of a path, `${NAME}` as `$NAME`. */
function normalised(file: string): string {
  return file.replace(/\$\{(\w+)\}/g, "$$$1").replace(/^.*\//, "");
}
