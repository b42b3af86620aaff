import { posix } from "node:path";
import { globalArguments, type RecipeSettings } from "./global-arguments";
import { assign, expandKnown, type StageVariables } from "./stage-variables";
import { stageBases, type StageBase } from "./stages";
import { type Instruction, type ParsedDockerfile } from "./types";

/** What holds where an instruction starts. */
export interface Surroundings {
  /** Absolute working directory; null where the base image or an unknown variable decides it. */
  cwd: string | null;
  /** The last USER (`name`, `uid` or `user:group`); null where the base image or an unknown variable decides it. */
  user: string | null;
  /** Expands a word with the variables of this place; null where it depends on something unknown. */
  expand: (written: string) => string | null;
}

interface StageState {
  cwd: string | null;
  user: string | null;
  variables: StageVariables;
}

/**
 * Walks through every instruction of every stage, in order, and says what surrounds it. WORKDIR, USER, ARG and
 * ENV are followed through stages; `surroundings` holds for the time of the call only.
 */
export function walkInstructions(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  visit: (stage: number, instruction: Instruction, surroundings: Surroundings) => void,
): void {
  const outside = {
    buildArgs: new Map(Object.entries(settings.buildArgs ?? {})),
    globals: globalArguments(parsed, settings),
  };
  const finals: StageState[] = [];
  for (const [index, base] of stageBases(parsed, settings).entries()) {
    const state = startOf(base, finals);
    const expand = (written: string): string | null => expandKnown(written, state.variables, parsed.escape);
    for (const instruction of parsed.stages[index]?.instructions ?? []) {
      visit(index, instruction, { cwd: state.cwd, user: state.user, expand });
      if (instruction.onbuild) continue;
      const written = instruction.args.text;
      if (instruction.keyword === "WORKDIR") state.cwd = resolve(state.cwd, expand(written));
      else if (instruction.keyword === "USER") state.user = expand(written) || null;
      else if (instruction.keyword === "ARG" || instruction.keyword === "ENV") {
        assign(instruction, state.variables, outside, parsed.escape);
      }
    }
    finals.push(state);
  }
}

/** Working directory and user of every instruction, by the instruction itself. */
export function surroundingsOf(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
): Map<Instruction, Pick<Surroundings, "cwd" | "user">> {
  const found = new Map<Instruction, Pick<Surroundings, "cwd" | "user">>();
  walkInstructions(parsed, settings, (_, instruction, { cwd, user }) =>
    found.set(instruction, { cwd, user }),
  );
  return found;
}

function startOf(base: StageBase, finals: readonly StageState[]): StageState {
  const parent = base.kind === "stage" ? finals[base.index] : undefined;
  if (parent) {
    const { env, args, openEnded } = parent.variables;
    return { ...parent, variables: { env: new Map(env), args: new Map(args), openEnded } };
  }
  const empty = base.kind === "scratch";
  const variables = { env: new Map(), args: new Map(), openEnded: !empty };
  return { cwd: empty ? "/" : null, user: empty ? "0" : null, variables };
}

function resolve(cwd: string | null, target: string | null): string | null {
  if (target === null || target === "") return null;
  if (posix.isAbsolute(target)) return posix.resolve(target);
  return cwd === null ? null : posix.resolve(cwd, target);
}
