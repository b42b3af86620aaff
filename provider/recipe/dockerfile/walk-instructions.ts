import { globalArguments, type RecipeSettings } from "./global-arguments";
import { assign, expandKnown, type StageVariables } from "./stage-variables";
import { stageBases, type StageBase } from "./stages";
import { type Instruction, type ParsedDockerfile } from "./types";

/** Expands a word with the variables that hold where an instruction is. Null if it depends on something unknown. */
export type Expand = (written: string) => string | null;

/**
 * Visits every instruction of every stage, in order. `expand` knows the variables that hold before the instruction, and
 * may only be used during the visit. ARG and ENV are followed from stage to stage.
 */
export function walkInstructions(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  visit: (stage: number, instruction: Instruction, expand: Expand) => void,
): void {
  const outside = {
    buildArgs: new Map(Object.entries(settings.buildArgs ?? {})),
    globals: globalArguments(parsed, settings),
  };
  const finals: StageVariables[] = [];
  for (const [index, base] of stageBases(parsed, settings).entries()) {
    const variables = startOf(base, finals);
    const expand = (written: string): string | null => expandKnown(written, variables, parsed.escape);
    for (const instruction of parsed.stages[index]?.instructions ?? []) {
      visit(index, instruction, expand);
      if (instruction.onbuild) continue;
      if (instruction.keyword === "ARG" || instruction.keyword === "ENV") {
        assign(instruction, variables, outside, parsed.escape);
      }
    }
    finals.push(variables);
  }
}

function startOf(base: StageBase, finals: readonly StageVariables[]): StageVariables {
  const parent = base.kind === "stage" ? finals[base.index] : undefined;
  if (parent) return { ...parent, env: new Map(parent.env), args: new Map(parent.args) };
  return { env: new Map(), args: new Map(), openEnded: base.kind !== "scratch" };
}
