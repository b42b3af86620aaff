import { type MappedText } from "./mapped-text";
import { shellCommands, type Redirect, type ShellCommand, type ShellWord } from "./shell-commands";
import { baseName, isAssignment, unwrap, type CallEnvironment } from "./shell-wrappers";

export interface ShellCall {
  /** Base name of the program; empty for a command that only assigns variables. */
  name: string;
  /** The word that names the program, or the command's first word. */
  word: ShellWord;
  args: ShellWord[];
  redirects: Redirect[];
  environment: CallEnvironment;
  /** The operator after it; see `ShellCommand`. */
  after: string;
  /** True if it may not run; see `ShellCommand`. */
  perhaps: boolean;
  /** True if its exit code only decides what runs next (`if`, `while`, `!`). */
  condition: boolean;
  /** The call whose output it reads through a pipe; null if there is none. */
  reads: () => ShellCall | null;
  /** The calls that read its output through a pipe, or that have it as a word. */
  readBy: () => { call: ShellCall; through: "pipe" | "word" }[];
}

/** Shells, and programs that pass their `-c` to a shell. */
const SHELLS = /^(?:(?:ba|da|a|z|k|fi)?sh|su|runuser|flock|sg|script)$/;
const MAXIMUM_SCRIPTS = 20;

/**
 * All calls in shell text, in order. Included are those in `sh -c "..."`, in `eval "..."` and in here-documents that a
 * shell reads.
 */
export function shellCalls(source: MappedText, bodies: readonly MappedText[] = [], depth = 0): ShellCall[] {
  return shellCommands(source, bodies).flatMap((command) => callsOf(command, depth));
}

/** All calls of a command in exec form. Its words are given; no shell reads them. */
export function execCalls(words: ShellWord[]): ShellCall[] {
  const command = {
    words,
    redirects: [],
    pipedInto: null,
    pipedFrom: null,
    within: null,
    perhaps: false,
    after: "",
  };
  return words.length === 0 ? [] : callsOf(command, 0);
}

function callsOf(command: ShellCommand, depth: number): ShellCall[] {
  const call = callOf(command);
  const scripts = depth < MAXIMUM_SCRIPTS ? scriptsOf(call, command) : [];
  const inner = scripts.flatMap((script) => shellCalls(script, [], depth + 1));
  return [call, ...(call.perhaps ? inner.map((one) => ({ ...one, perhaps: true })) : inner)];
}

function callOf(command: ShellCommand): ShellCall {
  const { words, redirects, after } = command;
  const { at, environment, condition } = unwrap(words);
  const word = words[at] ?? (redirects[0] as Redirect).target;
  const bare = words.length === 0 || isAssignment(word.text);
  return {
    name: bare ? "" : baseName(word.text),
    word,
    args: words.slice(at + 1),
    redirects,
    environment: bare
      ? { ...environment, assigned: words.filter(({ text }) => isAssignment(text)) }
      : environment,
    after,
    perhaps: command.perhaps,
    condition,
    reads: () => command.pipedFrom && callOf(command.pipedFrom),
    readBy: () => [
      ...(command.pipedInto ? [{ call: callOf(command.pipedInto), through: "pipe" as const }] : []),
      ...(command.within ? [{ call: callOf(command.within), through: "word" as const }] : []),
    ],
  };
}

function scriptsOf(call: ShellCall, command: ShellCommand): MappedText[] {
  const bodies = command.redirects.flatMap(({ body }) => (body ? [body] : []));
  if (command.words.length === 0) return bodies.filter(isShellScript);
  if (call.name === "eval") return call.args.slice(0, 1);
  if (!SHELLS.test(call.name)) {
    const reader = command.pipedInto && callOf(command.pipedInto);
    return call.name === "cat" && reader && readsScript(reader) ? bodies : [];
  }
  const option = call.args.findIndex(({ text }) => /^(?:-[a-z]*c|--command)$/.test(text));
  const script = option === -1 ? undefined : call.args[option + 1];
  return script ? [script] : readsScript(call) ? bodies : [];
}

/** Whether a call is a shell that runs what it reads from standard input. */
function readsScript({ name, args }: ShellCall): boolean {
  if (!SHELLS.test(name)) return false;
  const plain = args.map(({ text }) => text);
  return (
    plain.some((text) => /^-[a-z]*s$/.test(text)) || plain.every((text) => /^[-+]|^pipefail$/.test(text))
  );
}

/** Whether a here-document without a command is a shell script. It is, unless it names another interpreter. */
function isShellScript({ text }: MappedText): boolean {
  const [, interpreter] = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)?)?(\S+)/.exec(text) ?? [];
  return interpreter === undefined || SHELLS.test(baseName(interpreter));
}
