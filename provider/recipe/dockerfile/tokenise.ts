import { DockerfileParser, ModifiableInstruction, Onbuild, PropertyInstruction } from "dockerfile-ast";
import { type Instruction as AstInstruction } from "dockerfile-ast";
import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";

/** A piece of an instruction. Start and end are indices into the joined line; the end is not included. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/** A `--name` or `--name=value` between the keyword and the arguments. */
export interface FlagToken extends Token {
  name: string;
  /** The value as written; null if it has none. */
  value: string | null;
  /** Index at which the value starts; the flag's end if it has none. */
  valueStart: number;
}

interface Tokens {
  /** In upper case. Under ONBUILD it is that of the triggered instruction. */
  keyword: string;
  onbuild: boolean;
  keywordStart: number;
  keywordEnd: number;
  flags: FlagToken[];
  /** Everything after the flags, without the white space around it. */
  rest: Token;
  /** The `NAME=value` words of ARG, ENV and LABEL, with their quotes. They may contain spaces inside quotes. */
  assignments: Token[];
}

/**
 * Tokenises one instruction whose continuation lines have been joined.
 *
 * dockerfile-ast has three faults here. It finds flags after the command's first word if that word contains `--`. It
 * splits quoted flags at spaces. Its offsets in values don't count escapes. So only flags that directly follow the
 * keyword or another flag count, texts are cut from the line itself, and a flag with a space inside quotes is refused.
 *
 * @throws {RecipeError} when the instruction can't be read
 */
export function tokenise(joined: string, escape: EscapeCharacter, line: number): Tokens {
  const prefix = escape === "`" ? "# escape=`\n" : "";
  const flat = joined.replace(/[\v\f\r\u0085\u00A0]/g, " ");
  const parsed = DockerfileParser.parse(prefix + flat).getInstructions();
  const outer = parsed[0];
  if (outer === undefined) throw new RecipeError("no instruction can be read here.", line);
  const inner = outer instanceof Onbuild ? outer.getTriggerInstruction() : outer;
  if (inner === null) throw new RecipeError("ONBUILD needs an instruction after it.", line);
  const word = inner.getInstructionRange();
  const keywordEnd = word.end.character;
  const flags = inner instanceof ModifiableInstruction ? leadingFlags(inner, joined, flat, line) : [];
  const afterFlags = flags.at(-1)?.end ?? keywordEnd;
  const marker = /^\s+--(?=\s|$)/.exec(flat.slice(afterFlags))?.[0].length ?? 0;
  const start = afterFlags + marker + (/^\s*/.exec(flat.slice(afterFlags + marker))?.[0].length ?? 0);
  const end = Math.max(start, flat.trimEnd().length);
  return {
    keyword: inner.getKeyword(),
    onbuild: inner !== outer,
    keywordStart: word.start.character,
    keywordEnd,
    flags,
    rest: { text: joined.slice(start, end), start, end },
    assignments: assignmentsOf(inner, joined),
  };
}

function leadingFlags(
  instruction: ModifiableInstruction,
  joined: string,
  flat: string,
  line: number,
): FlagToken[] {
  const flags: FlagToken[] = [];
  let expected = instruction.getInstructionRange().end.character;
  for (const flag of instruction.getFlags()) {
    const { start, end } = flag.getRange();
    const text = joined.slice(start.character, end.character);
    if (text === "--" || flat.slice(expected, start.character).trim() !== "") break;
    if ((text.match(/["']/g)?.length ?? 0) % 2 === 1) {
      throw new RecipeError(
        `the flag ${text} has a space inside quotes. Write the flag without spaces.`,
        line,
      );
    }
    const equals = text.indexOf("=");
    const valueStart = equals === -1 ? end.character : start.character + equals + 1;
    const value = equals === -1 ? null : text.slice(equals + 1);
    const name = (equals === -1 ? text : text.slice(0, equals)).slice(2).toLowerCase();
    flags.push({ text, start: start.character, end: end.character, name, value, valueStart });
    expected = end.character;
  }
  return flags;
}

function assignmentsOf(instruction: AstInstruction, joined: string): Token[] {
  if (!(instruction instanceof PropertyInstruction)) return [];
  return instruction.getPropertyArguments().map((argument) => {
    const { start, end } = argument.getRange();
    return {
      text: joined.slice(start.character, end.character),
      start: start.character,
      end: end.character,
    };
  });
}
