import { type MappedText } from "./mapped-text";
import { shellCommands, type Redirect, type ShellCommand, type ShellWord } from "./shell-commands";
import { baseName, isAssignment, unwrap, type CallEnvironment } from "./shell-wrappers";

/** A program that a recipe calls. */
export interface ShellCall {
  /** Base name of the program; empty for bare assignments. */
  name: string;
  /** The word that names it, or the command's first word. */
  word: ShellWord;
  args: ShellWord[];
  redirects: Redirect[];
  environment: CallEnvironment;
  /** The operator after it, see `ShellCommand`. */
  after: string;
  /** True where its exit code only decides what runs next (`if`, `while`, `!`). */
  condition: boolean;
  /** The call whose output it reads through a pipe, or null. */
  reads: () => ShellCall | null;
  /** The calls that read its output: through a pipe, or as a word of theirs. */
  readBy: () => { call: ShellCall; through: "pipe" | "word" }[];
}

/** Shells, and `su`, which hands its `-c` to one. */
const SHELLS = /^(?:(?:ba|da|a|z|k|fi)?sh|su)$/;
const MAXIMUM_SCRIPTS = 20;

/**
 * All calls in shell text, in their order: those in `sh -c "..."`, `eval "..."` and here-documents that a shell
 * reads included.
 */
export function shellCalls(source: MappedText, bodies: readonly MappedText[] = [], depth = 0): ShellCall[] {
  return shellCommands(source, bodies).flatMap((command) => callsOf(command, depth));
}

/** All calls of an exec-form command: the words are given, no shell has read them. */
export function execCalls(words: ShellWord[]): ShellCall[] {
  const command = { words, redirects: [], pipedInto: null, pipedFrom: null, within: null, after: "" };
  return words.length === 0 ? [] : callsOf(command, 0);
}

function callsOf(command: ShellCommand, depth: number): ShellCall[] {
  const call = callOf(command);
  const scripts = depth < MAXIMUM_SCRIPTS ? scriptsOf(call, command) : [];
  return [call, ...scripts.flatMap((script) => shellCalls(script, [], depth + 1))];
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
    condition,
    reads: () => command.pipedFrom && callOf(command.pipedFrom),
    readBy: () => [
      ...(command.pipedInto ? [{ call: callOf(command.pipedInto), through: "pipe" as const }] : []),
      ...(command.within ? [{ call: callOf(command.within), through: "word" as const }] : []),
    ],
  };
}

/** The shell text that a call runs. */
function scriptsOf(call: ShellCall, command: ShellCommand): MappedText[] {
  const bodies = command.redirects.flatMap(({ body }) => (body ? [body] : []));
  if (command.words.length === 0) return bodies.filter(isShellScript);
  if (call.name === "eval") return call.args.slice(0, 1);
  if (!SHELLS.test(call.name)) {
    const reader = command.pipedInto && callOf(command.pipedInto);
    return call.name === "cat" && reader && readsScript(reader) ? bodies : [];
  }
  const option = call.args.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  const script = option === -1 ? undefined : call.args[option + 1];
  return script ? [script] : readsScript(call) ? bodies : [];
}

/** A shell that runs what stands on its standard input. */
function readsScript({ name, args }: ShellCall): boolean {
  if (!SHELLS.test(name)) return false;
  const plain = args.map(({ text }) => text);
  return (
    plain.some((text) => /^-[a-z]*s$/.test(text)) || plain.every((text) => /^[-+]|^pipefail$/.test(text))
  );
}

/** A here-document that stands alone runs under the shell of the build, unless it names another interpreter. */
function isShellScript({ text }: MappedText): boolean {
  const [, interpreter] = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)?)?(\S+)/.exec(text) ?? [];
  return interpreter === undefined || SHELLS.test(baseName(interpreter));
}
