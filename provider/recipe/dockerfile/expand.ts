import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { readPattern, replaced, withoutPrefix, withoutSuffix, type ShellPattern } from "./shell-pattern";

/** A variable's name after `$` or `${`, the numbers and signs of a shell's parameters among them. */
export const VARIABLE_NAME = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
const MAXIMUM_DEPTH = 50;

/** Most characters of a value. ARGs that repeat each other would otherwise grow without a bound. */
const MAXIMUM_LENGTH = 1024 * 1024;

/** Most characters of a value, times those of a pattern that is looked for in it. */
const MAXIMUM_WORK = 10_000_000;

type VariableLookup = (name: string) => string | undefined;

/**
 * Expands variables and removes quotes and escapes, as the Dockerfile reference describes it for instruction words:
 * `$VAR`, `${VAR}`, and after the name in braces `:-x`, `-x`, `:+x`, `+x`, `:?message`, `?message`, `#pattern`,
 * `##pattern`, `%pattern`, `%%pattern`, `/pattern/x`, `//pattern/x`. What follows the operator is expanded too. Unset
 * variables are empty. In single quotes everything stays.
 *
 * @throws {RecipeError} for `${` without its end, for any other operator, for an unset variable that `?` demands, and
 *   for a value beyond the bounds above
 */
export function expandVariables(
  text: string,
  lookup: VariableLookup,
  escape: EscapeCharacter = "\\",
  line: number | null = null,
): string {
  let index = 0;
  let depth = 0;
  /** Whether escape characters stay. They do in patterns, which have a use for them. */
  let raw = false;
  return bounded(until(null, false));

  /** Reads up to an unquoted `stop`, which is consumed, or to the end if `stop` is null. */
  function until(stop: string | null, keepEscapes: boolean): string {
    const before = raw;
    raw = keepEscapes;
    if (++depth > MAXIMUM_DEPTH) throw fault("nests ${...} too deeply.");
    let result = "";
    for (let char = take(); char !== stop; char = take()) {
      if (char === "") {
        if (stop === null) break;
        throw fault(`has a \${ without its ${stop}. Close it.`);
      }
      if (char === "'") result += singleQuoted();
      else if (char === '"') result += doubleQuoted();
      else if (char === "$") result += variable();
      else if (char === escape) result += (raw ? escape : "") + take();
      else result += char;
      bounded(result);
    }
    depth--;
    raw = before;
    return result;
  }

  function singleQuoted(): string {
    const end = text.indexOf("'", index);
    if (end === -1) throw fault("has a single quote that is never closed. Close it.");
    const inside = text.slice(index, end);
    index = end + 1;
    return inside;
  }

  function doubleQuoted(): string {
    let result = "";
    while (index < text.length) {
      const char = take();
      if (char === '"') return result;
      if (char === "$") result += variable();
      else if (char === escape && ['"', "$", escape].includes(text[index] ?? "")) {
        result += (raw ? escape : "") + take();
      } else if (char === escape && raw) result += escape + escape;
      else result += char;
      bounded(result);
    }
    throw fault("has a double quote that is never closed. Close it.");
  }

  function variable(): string {
    if (text[index] !== "{") {
      const name = variableName();
      return name === "" ? "$" : (lookup(name) ?? "");
    }
    index++;
    if (["{", "}", ":", undefined].includes(text[index])) {
      throw fault("has a ${ without a variable's name after it. Write ${NAME}.");
    }
    const name = variableName();
    const operator = take();
    if (operator === "}") return lookup(name) ?? "";
    if (operator === "#" || operator === "%") return trimmed(name, operator);
    if (operator === "/") return substituted(name);
    return operator === ":" ? chosen(name, take(), true) : chosen(name, operator, false);
  }

  function chosen(name: string, operator: string, colon: boolean): string {
    if (!["-", "+", "?"].includes(operator)) {
      const form = `\${${name}${colon ? ":" : ""}${operator}...}`;
      throw fault(
        `uses ${form}, which Docker does not know. After the name it knows :- :+ :? - + ? # ## % %% / and //.`,
      );
    }
    const word = until("}", false);
    const value = lookup(name);
    const given = value !== undefined && (!colon || value !== "");
    if (operator === "+") return given ? word : "";
    if (given) return value;
    if (operator === "-") return word;
    throw fault(`needs the variable ${name}${word === "" ? "" : `: ${word}`}. Pass it as a build argument.`);
  }

  function trimmed(name: string, operator: "#" | "%"): string {
    const word = until("}", true);
    const longest = word.startsWith(operator);
    const value = lookup(name) ?? "";
    const pattern = patternFor(longest ? word.slice(1) : word, value);
    return operator === "#" ? withoutPrefix(value, pattern, longest) : withoutSuffix(value, pattern, longest);
  }

  function substituted(name: string): string {
    const all = text[index] === "/";
    if (all) index++;
    const word = until("/", true);
    const replacement = until("}", true);
    const value = lookup(name) ?? "";
    const pattern = patternFor(word, value);
    if (replacement.length * (value.length + 1) > MAXIMUM_WORK) throw fault("grows too long.");
    return replaced(value, pattern, replacement, all);
  }

  function patternFor(written: string, value: string): ShellPattern {
    const pattern = readPattern(written);
    if (pattern === null) {
      throw fault(`has the pattern ${JSON.stringify(written)}, with a backslash that escapes nothing.`);
    }
    if (pattern.length * (value.length + 1) > MAXIMUM_WORK) throw fault("has a pattern that is too long.");
    return pattern;
  }

  function variableName(): string {
    VARIABLE_NAME.lastIndex = index;
    const name = VARIABLE_NAME.exec(text)?.[0] ?? "";
    index += name.length;
    return name;
  }

  function take(): string {
    return text[index++] ?? "";
  }

  function bounded(result: string): string {
    if (result.length > MAXIMUM_LENGTH) throw fault("comes out longer than 1 MiB. Shorten it.");
    return result;
  }

  function fault(problem: string): RecipeError {
    return new RecipeError(`${JSON.stringify(text.slice(0, 120))} ${problem}`, line);
  }
}
