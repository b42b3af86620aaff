import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { expandVariables } from "./expand";
import { type VariableInstruction } from "./types";

/**
 * The variables of a stage at one point. Null means that the variable is set, but that its value depends on the base
 * image, which is not looked at.
 */
export interface StageVariables {
  env: Map<string, string | null>;
  args: Map<string, string | null>;
  /** True if a base image outside the recipe may have set any variable. */
  openEnded: boolean;
}

/** Expands a word. Null if it depends on something unknown, or can't be expanded. */
export function expandKnown(
  written: string,
  variables: StageVariables,
  escape: EscapeCharacter,
): string | null {
  let known = true;
  const lookup = (name: string): string | undefined => {
    const value = variables.env.has(name) ? variables.env.get(name) : variables.args.get(name);
    if (value === null || (value === undefined && variables.openEnded)) known = false;
    return value ?? undefined;
  };
  try {
    const expanded = expandVariables(written, lookup, escape);
    return known ? expanded : null;
  } catch (error) {
    // Newer frontends know more forms than this package does. So the value is unknown; the recipe may be right.
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

/** Adds the variables of an ARG or ENV. All assignments of one instruction see the values from before it. */
export function assign(
  instruction: VariableInstruction,
  variables: StageVariables,
  outside: { buildArgs: ReadonlyMap<string, string>; globals: ReadonlyMap<string, string> },
  escape: EscapeCharacter,
): void {
  const values = instruction.assignments.map(({ name, value }): [string, string | null | undefined] => {
    const given = instruction.keyword === "ARG" ? outside.buildArgs.get(name) : undefined;
    if (given !== undefined) return [name, given];
    return [name, value === null ? outside.globals.get(name) : expandKnown(value, variables, escape)];
  });
  const target = instruction.keyword === "ENV" ? variables.env : variables.args;
  for (const [name, value] of values) if (value !== undefined) target.set(name, value);
}
