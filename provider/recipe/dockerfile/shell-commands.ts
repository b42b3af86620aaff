import { type MappedText, sliceMapped } from "./mapped-text";
import { ShellBranches } from "./shell-branches";

/** A word of a shell command, without its quotes. Each character has its offset in the recipe. */
export interface ShellWord extends MappedText {
  /** Offset in the recipe at which the word starts, with its quotes. A word may be empty. */
  start: number;
  /** True if the output of a command is part of the word. `text` lacks that part. */
  substituted: boolean;
}

export interface Redirect {
  /** The operator, without the number of a file descriptor. */
  operator: string;
  target: ShellWord;
  body?: MappedText;
}

/** A simple command, without pipes and separators. Substitutions in it are commands of their own. */
export interface ShellCommand {
  words: ShellWord[];
  redirects: Redirect[];
  /** The command that reads its output; null if there is none. */
  pipedInto: ShellCommand | null;
  /** The command whose output it reads; null if there is none. */
  pipedFrom: ShellCommand | null;
  /** The command that contains it as `$(...)`, backticks or `<(...)`; null if there is none. */
  within: ShellCommand | null;
  /** True if it may not run: it is in a branch, after `||`, or in a function that nothing calls for sure. */
  perhaps: boolean;
  /** The operator that ends it (`&&`, `||`, `|`, `;`, a line break, ...); empty at the end of the text. */
  after: string;
}

const MAXIMUM_DEPTH = 30;
const OPERATORS = ";&|\n()";
const REDIRECTION = /\d*(?:<<<|<<-?|<>|<&|>>|>&|>\||&>>?|<(?!\()|>(?!\())/y;
const OPENERS = new Set(["{", "for", "while", "until", "if", "case", "select"]);
const CLOSERS = new Set(["}", "done", "fi", "esac"]);
const BEFORE_COMMAND = new Set(["then", "else", "elif", "do", "!", "time", ...OPENERS]);

/**
 * Cuts shell text into simple commands. It knows far less than a shell, but enough to tell which words are commands,
 * what is piped into what, and what is only quoted text or a here-document. Comments are dropped. Never throws:
 * anything that is not closed ends with the text.
 *
 * @param bodies here-documents that the Dockerfile parser has taken out of the text, in order
 */
export function shellCommands(source: MappedText, bodies: readonly MappedText[] = []): ShellCommand[] {
  const { text, offsets } = source;
  const found: ShellCommand[] = [];
  const outside = [...bodies];
  let awaited: { redirect: Redirect; chomp: boolean }[] = [];
  let index = 0;
  const branches = new ShellBranches();
  let depth = 0;
  while (index < text.length) list(")", null);
  branches.settle(found);
  return found;

  /** Reads commands up to `closer`, which is consumed. */
  function list(closer: string, within: ShellCommand | null): void {
    const groups: number[] = [];
    let piped: ShellCommand[] = [];
    while (index < text.length) {
      const first = found.length;
      const command = emptyCommand(within);
      words(command, closer);
      branches.enter(command);
      let written: ShellCommand[] = [];
      if (command.words.length > 0 || command.redirects.length > 0) {
        const start = found.length;
        found.push(command);
        for (const writer of piped) writer.pipedInto = command;
        command.pipedFrom = piped.at(-1) ?? null;
        piped = [];
        written = [command, ...group(command, groups, start)];
      }
      if (text[index] === closer && !(closer === ")" && branches.inCase())) {
        branches.leave(command, "");
        index++;
        return;
      }
      const operator = /&&|\|\||;;|\|&|[;&|\n()]/y;
      operator.lastIndex = index;
      const after = operator.exec(text)?.[0] ?? "";
      command.after = after;
      if (after !== "(") branches.leave(command, after);
      index += Math.max(after.length, 1);
      if (after === "(") {
        if (command.words.length > 0 || depth >= MAXIMUM_DEPTH) {
          // `name()` begins a function. Its brackets are empty.
          const empty = /\s*\)/y;
          empty.lastIndex = index;
          if (empty.test(text)) index = empty.lastIndex;
          branches.define(command);
          continue;
        }
        depth++;
        const around = branches.push();
        list(")", within);
        branches.pop(around);
        depth--;
        written = found.slice(first);
        const reader = /[\t ]*\|&?(?!\|)/y;
        reader.lastIndex = index;
        if (!reader.test(text)) continue;
        index = reader.lastIndex;
        piped = written.filter((item) => item.within === within && item.pipedInto === null);
      } else if (after === "|" || after === "|&") {
        piped = written.filter((item) => item.within === within && item.pipedInto === null);
      } else if (after === "\n") readBodies();
    }
  }

  /** Keeps track of `{ ... }` and loops. Returns the commands of the one that ends here. */
  function group(command: ShellCommand, groups: number[], start: number): ShellCommand[] {
    for (const { text: word } of command.words) {
      if (OPENERS.has(word)) groups.push(start);
      if (!BEFORE_COMMAND.has(word)) break;
    }
    return CLOSERS.has(command.words[0]?.text ?? "") ? found.slice(groups.pop() ?? start, start) : [];
  }

  function words(command: ShellCommand, closer: string): void {
    while (index < text.length) {
      const char = text[index] as string;
      if (char === closer) return;
      if (redirection(command, closer)) continue;
      if (OPERATORS.includes(char)) return;
      if (char === "#") {
        while (index < text.length && text[index] !== "\n") index++;
      } else if (/\s/.test(char)) index++;
      else if (char === "\\" && text[index + 1] === "\n") index += 2;
      else {
        const before = index;
        command.words.push(word(command, closer));
        // Brackets that are nested too deeply are skipped.
        if (index === before) index++;
      }
    }
  }

  function redirection(command: ShellCommand, closer: string): boolean {
    REDIRECTION.lastIndex = index;
    const matched = REDIRECTION.exec(text)?.[0];
    if (matched === undefined) return false;
    index += matched.length;
    while (text[index] === " " || text[index] === "\t") index++;
    const redirect: Redirect = { operator: matched.replace(/^\d+/, ""), target: word(command, closer) };
    command.redirects.push(redirect);
    if (/^<<-?$/.test(redirect.operator)) {
      const body = outside.shift();
      if (body) redirect.body = body;
      else awaited.push({ redirect, chomp: redirect.operator === "<<-" });
    }
    return true;
  }

  /** Reads the here-documents that were opened on the line before. */
  function readBodies(): void {
    for (const { redirect, chomp } of awaited) {
      const start = index;
      let end = text.length;
      while (index < text.length) {
        const feed = text.indexOf("\n", index);
        const line = text.slice(index, feed === -1 ? text.length : feed).replace(/\r$/, "");
        const closes = (chomp ? line.replace(/^\t+/, "") : line) === redirect.target.text;
        if (closes) end = index;
        index = feed === -1 ? text.length : feed + 1;
        if (closes) break;
      }
      redirect.body = sliceMapped(source, start, end);
    }
    awaited = [];
  }

  function word(command: ShellCommand, closer: string): ShellWord {
    const pieces: string[] = [];
    const places: number[] = [];
    const start = offsets[index] ?? offsets.at(-1) ?? 0;
    let substituted = false;
    let quote = "";
    const keep = (): void => {
      pieces.push(text[index] as string);
      places.push(offsets[index] as number);
      index++;
    };
    const substitutes = (): boolean => {
      const found = substitution(command);
      substituted ||= found;
      return found;
    };
    while (index < text.length) {
      const char = text[index] as string;
      if (quote !== "") {
        if (char === quote) {
          quote = "";
          index++;
        } else if (quote === '"' && char === "\\" && text[index + 1] === "\n") index += 2;
        else if (quote === '"' && char === "\\" && '"\\$`'.includes(text[index + 1] ?? " ")) {
          index++;
          keep();
        } else if (quote === '"' && substitutes()) continue;
        else keep();
      } else if (char === '"' || char === "'") {
        quote = char;
        index++;
      } else if (char === "\\") {
        index++;
        if (text[index] === "\n") index++;
        else if (index < text.length) keep();
      } else if (substitutes()) continue;
      else if (/[\s<>]/.test(char) || char === closer || OPERATORS.includes(char)) break;
      else keep();
    }
    return { text: pieces.join(""), offsets: places, start, substituted };
  }

  /** Reads `$(...)`, `<(...)`, `>(...)` or a pair of backticks, if one starts here. `$((...))` is skipped. */
  function substitution(command: ShellCommand): boolean {
    const backtick = text[index] === "`";
    const opener = text.slice(index, index + 2);
    if (opener === "$(" && text[index + 2] === "(") {
      const end = text.indexOf("))", index);
      index = end === -1 ? text.length : end + 2;
      return true;
    }
    if ((!backtick && !["$(", "<(", ">("].includes(opener)) || depth >= MAXIMUM_DEPTH) return false;
    index += backtick ? 1 : 2;
    depth++;
    const around = branches.push();
    list(backtick ? "`" : ")", command);
    branches.pop(around);
    depth--;
    return true;
  }
}

function emptyCommand(within: ShellCommand | null): ShellCommand {
  return { words: [], redirects: [], pipedInto: null, pipedFrom: null, within, perhaps: false, after: "" };
}
