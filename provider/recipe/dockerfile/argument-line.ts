import { type EscapeCharacter } from "./directives";

/**
 * The instruction `ARG NAME="value"`, on one line. Nothing in the value will be expanded.
 *
 * @throws {RangeError} for a name that is no variable's name, and for a value with a line break or a NUL
 */
export function argumentLine(name: string, value: string, escape: EscapeCharacter): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new RangeError(
      `${JSON.stringify(name)} is not the name of an ARG: letters, digits and underscores only`,
    );
  }
  if (!fitsOnLine(value))
    throw new RangeError(`the value of ARG ${name} has a line break or NUL, which a Dockerfile can't hold`);
  return `ARG ${name}=${quoted(value, escape)}`;
}

/** Whether a Dockerfile can hold a value on one line. */
export const fitsOnLine = (value: string): boolean => !/[\r\n\0]/.test(value);

/** The instruction `LABEL "name"="value"`, on one line. Nothing in it will be expanded. Both parts have to fit on a line. */
export const labelLine = (name: string, value: string, escape: EscapeCharacter): string =>
  `LABEL ${quoted(name, escape)}=${quoted(value, escape)}`;

function quoted(text: string, escape: EscapeCharacter): string {
  const signs = Array.from(text, (char) =>
    char === '"' || char === "$" || char === escape ? escape + char : char,
  );
  return `"${signs.join("")}"`;
}
