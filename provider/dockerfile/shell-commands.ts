import { type MappedText } from "./mapped-text";

/** A word of a shell command: quotes removed, every character with its offset in the recipe. */
export interface ShellWord extends MappedText {
  /** Offset in the recipe where the word starts, quotes included; a word may be empty. */
  start: number;
}

/** A simple command: no pipes, no separators; substitutions inside it are commands of their own. */
export interface ShellCommand {
  words: ShellWord[];
  /** The command that reads its output, or null. */
  pipedInto: ShellCommand | null;
  /** The command that has it as `$(...)`, backticks or `<(...)` among its words, or null. */
  within: ShellCommand | null;
}

const MAXIMUM_DEPTH = 30;
const OPERATORS = ";&|\n()";

/**
 * Cuts shell text into simple commands: far less than a shell, enough to know which words are commands, what is
 * piped into what, and what is only quoted text. Comments are dropped. Never throws: what is not closed ends
 * with the text.
 */
export function shellCommands(source: MappedText): ShellCommand[] {
  const { text, offsets } = source;
  const found: ShellCommand[] = [];
  let index = 0;
  let depth = 0;
  while (index < text.length) list(")", null);
  return found;

  /** Reads commands up to `closer`, which is consumed. */
  function list(closer: string, within: ShellCommand | null): void {
    let piped: ShellCommand | null = null;
    while (index < text.length) {
      const command: ShellCommand = { words: [], pipedInto: null, within };
      words(command, closer);
      if (command.words.length > 0) {
        found.push(command);
        if (piped) piped.pipedInto = command;
        piped = null;
      }
      const char = text[index];
      if (char === closer) {
        index++;
        return;
      }
      if (char === "|" && text[index + 1] !== "|") {
        if (command.words.length > 0) piped = command;
        index += text[index + 1] === "&" ? 2 : 1;
      } else {
        if (char === "|") index++;
        index++;
      }
    }
  }

  function words(command: ShellCommand, closer: string): void {
    while (index < text.length) {
      const char = text[index] as string;
      if (char === closer || (OPERATORS.includes(char) && !isRedirection())) return;
      if (char === "#") {
        while (index < text.length && text[index] !== "\n") index++;
      } else if (/\s/.test(char)) index++;
      else if (char === "\\" && text[index + 1] === "\n") index += 2;
      else word(command, closer);
    }
  }

  function word(command: ShellCommand, closer: string): void {
    const pieces: string[] = [];
    const places: number[] = [];
    const start = offsets[index] as number;
    let quote = "";
    const keep = (): void => {
      pieces.push(text[index] as string);
      places.push(offsets[index] as number);
      index++;
    };
    while (index < text.length) {
      const char = text[index] as string;
      if (quote !== "") {
        if (char === quote) {
          quote = "";
          index++;
        } else if (quote === '"' && char === "\\" && '"\\$`'.includes(text[index + 1] ?? " ")) {
          index++;
          keep();
        } else if (quote === '"' && substitution(command)) continue;
        else keep();
      } else if (char === '"' || char === "'") {
        quote = char;
        index++;
      } else if (char === "\\") {
        index++;
        if (text[index] === "\n") index++;
        else if (index < text.length) keep();
      } else if (substitution(command)) continue;
      else if (/\s/.test(char) || char === closer || (OPERATORS.includes(char) && !isRedirection())) break;
      else keep();
    }
    command.words.push({ text: pieces.join(""), offsets: places, start });
  }

  /** Reads `$(...)`, `<(...)`, `>(...)` or a pair of backticks, if one starts here; `$((...))` is skipped. */
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
    list(backtick ? "`" : ")", command);
    depth--;
    return true;
  }

  /** `2>&1`, `&>file`: an ampersand that separates nothing. */
  function isRedirection(): boolean {
    return (
      text[index] === "&" && (text[index - 1] === ">" || text[index - 1] === "<" || text[index + 1] === ">")
    );
  }
}
