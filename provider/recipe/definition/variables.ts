import { RecipeError } from "../dockerfile/error";

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

/** Whether a text has a `{{ variable }}`. */
export const hasVariable = (text: string): boolean => new RegExp(VARIABLE.source).test(text);

/** The defaults in the text of `%arguments`. A line that is no `name=value` is skipped, as the engine does. */
export function defaultsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n").map((one) => one.trim())) {
    const at = line.indexOf("=");
    const name = line.slice(0, Math.max(0, at)).trim();
    if (line.startsWith("#") || name === "") continue;
    found.set(name, line.slice(at + 1).trim());
  }
  return found;
}

/** Gives the values of `{{ variables }}`. */
export interface Variables {
  /** @throws {RecipeError} naming a variable without a value */
  expand(text: string, line: number): string;
  /** Names of the given values that were used. */
  used: ReadonlySet<string>;
}

/**
 * The variables of one stage: those that are given, else the stage's defaults. A value may itself name variables, one
 * level deep.
 */
export function variables(
  given: Readonly<Record<string, string>>,
  defaults: ReadonlyMap<string, string>,
): Variables {
  const used = new Set<string>();
  const own = new Map(Object.entries(given));
  const lookUp = (name: string): string | undefined => own.get(name) ?? defaults.get(name);
  return {
    used,
    expand: (text, line) =>
      text.replace(VARIABLE, (written: string, name: string, at: number) => {
        // The engine leaves what a comment says as it is.
        if (/#[^!]/.test(text.slice(0, at))) return written;
        const value = lookUp(name);
        if (value === undefined) {
          throw new RecipeError(
            `the build argument ${name} has no value; give it in buildArgs, or a default in %arguments`,
            line,
          );
        }
        if (own.has(name)) used.add(name);
        return value.replace(VARIABLE, (whole: string, inner: string) => {
          if (own.has(inner)) used.add(inner);
          return lookUp(inner) ?? whole;
        });
      }),
  };
}
