import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";

const NAME = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!]/y;
const MAXIMUM_DEPTH = 50;

type VariableLookup = (name: string) => string | undefined;

/**
 * Expands variables and removes quotes and escapes, as the Dockerfile reference describes it for instruction words:
 * `$VAR`, `${VAR}`, `${VAR:-x}`, `${VAR-x}`, `${VAR:+x}`, `${VAR+x}`, `${VAR:?message}`, `${VAR?message}`. The word
 * after the operator is expanded too. Unset variables are empty. In single quotes everything stays.
 *
 * @throws {RecipeError} for `${` without its end, for any other operator, and for an unset variable that `?` demands
 */
export function expandVariables(
  text: string,
  lookup: VariableLookup,
  escape: EscapeCharacter = "\\",
  line: number | null = null,
): string {
  let index = 0;
  let depth = 0;
  return until(null);

  /** Reads up to an unquoted `stop`, which is consumed, or to the end if `stop` is null. */
  function until(stop: string | null): string {
    let result = "";
    while (index < text.length) {
      const char = take();
      if (char === stop) return result;
      if (char === "'") result += singleQuoted();
      else if (char === '"') result += doubleQuoted();
      else if (char === "$") result += variable();
      else if (char === escape) result += take();
      else result += char;
    }
    if (stop !== null) throw fault(`has a \${ without its ${stop}. Close it.`);
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
        result += take();
      } else result += char;
    }
    throw fault("has a double quote that is never closed. Close it.");
  }

  function variable(): string {
    if (text[index] !== "{") {
      const name = variableName();
      return name === "" ? "$" : (lookup(name) ?? "");
    }
    index++;
    const name = variableName();
    if (name === "") throw fault("has a ${ without a variable's name after it. Write ${NAME}.");
    if (text[index] === "}") {
      index++;
      return lookup(name) ?? "";
    }
    const colon = text[index] === ":";
    if (colon) index++;
    return operator(name, colon);
  }

  function operator(name: string, colon: boolean): string {
    const operator = take();
    if (!["-", "+", "?"].includes(operator)) {
      const form = `\${${name}${colon ? ":" : ""}${operator}...}`;
      throw fault(
        `uses ${form}. Only \${${name}}, \${${name}:-default} and \${${name}:+text} are supported here.`,
      );
    }
    if (++depth > MAXIMUM_DEPTH) throw fault("nests ${...} too deeply.");
    const word = until("}");
    depth--;
    const value = lookup(name);
    const given = value !== undefined && (!colon || value !== "");
    if (operator === "+") return given ? word : "";
    if (given) return value;
    if (operator === "-") return word;
    throw fault(`needs the variable ${name}${word === "" ? "" : `: ${word}`}. Pass it as a build argument.`);
  }

  function variableName(): string {
    NAME.lastIndex = index;
    const name = NAME.exec(text)?.[0] ?? "";
    index += name.length;
    return name;
  }

  function take(): string {
    return text[index++] ?? "";
  }

  function fault(problem: string): RecipeError {
    return new RecipeError(`${JSON.stringify(text.slice(0, 120))} ${problem}`, line);
  }
}
