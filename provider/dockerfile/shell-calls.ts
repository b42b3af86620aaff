import { type MappedText } from "./mapped-text";
import { shellCommands, type ShellCommand, type ShellWord } from "./shell-commands";

/** A program that a recipe calls. */
export interface ShellCall {
  /** Base name of the program; empty for a bare assignment. */
  name: string;
  /** The word that names it, or the command's first word. */
  word: ShellWord;
  args: ShellWord[];
  /** The calls that read its output: through pipes, or as a word of theirs. */
  readBy: () => ShellCall[];
}

const KEYWORDS = new Set(["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"]);
const WRAPPERS = new Set(
  "sudo doas env exec command builtin nohup nice timeout xargs eatmydata gosu su-exec stdbuf chroot retry".split(
    " ",
  ),
);
/** Options of wrappers may take values of any number: among the next words these are surely the program. */
const PROGRAMS =
  /^(?:curl|wget|git|go|cargo|gem|npx|bunx|uvx|npm|pnpm|yarn|pipx|uv|pip[\d.]*|python[\d.]*|apt|apt-get|aptitude|perl|ruby|node|php|(?:ba|da|a|z|k|c|tc|fi)?sh)$/;
const SHELLS = /^(?:(?:ba|da|a|z|k|fi)?sh|su)$/;

/** All calls in shell text, those in `sh -c "..."` and `eval "..."` included. */
export function shellCalls(source: MappedText): ShellCall[] {
  return shellCommands(source).flatMap(callsOf);
}

/** All calls of an exec-form command: the words are given, no shell has read them. */
export function execCalls(words: ShellWord[]): ShellCall[] {
  return words.length === 0 ? [] : callsOf({ words, pipedInto: null, within: null });
}

function callsOf(command: ShellCommand): ShellCall[] {
  const call = callOf(command);
  const script = scriptOf(call);
  return script ? [call, ...shellCalls(script)] : [call];
}

function callOf(command: ShellCommand): ShellCall {
  const { words } = command;
  let at = 0;
  while (at < words.length - 1 && (KEYWORDS.has(textAt(at)) || isAssignment(textAt(at)))) at++;
  for (let rounds = 0; rounds < 8 && WRAPPERS.has(baseName(textAt(at))); rounds++) {
    if (baseName(textAt(at)) === "command" && /^-[vV]$/.test(textAt(at + 1))) break;
    const near = [1, 2, 3, 4].find((step) => PROGRAMS.test(baseName(textAt(at + step))));
    let next = at + (near ?? 1);
    while (next < words.length - 1 && (textAt(next).startsWith("-") || isAssignment(textAt(next)))) next++;
    if (next >= words.length) break;
    at = next;
  }
  const word = words[at] as ShellWord;
  return {
    name: isAssignment(word.text) ? "" : baseName(word.text),
    word,
    args: words.slice(at + 1),
    readBy: () => [command.pipedInto, command.within].flatMap((reader) => (reader ? [callOf(reader)] : [])),
  };

  function textAt(index: number): string {
    return words[index]?.text ?? "";
  }
}

function scriptOf(call: ShellCall): MappedText | undefined {
  if (call.name === "eval") return call.args[0];
  if (!SHELLS.test(call.name)) return undefined;
  const option = call.args.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  return option === -1 ? undefined : call.args[option + 1];
}

function isAssignment(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(text);
}

function baseName(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}
