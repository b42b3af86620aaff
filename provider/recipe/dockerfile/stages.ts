import { RecipeError } from "./error";
import { expandVariables } from "./expand";
import { globalArguments, type RecipeSettings } from "./global-arguments";
import {
  type Instruction,
  type ParsedDockerfile,
  type RunInstruction,
  type SourceName,
  type Stage,
} from "./types";

export type StageBase =
  | { kind: "stage"; index: number }
  | { kind: "scratch" }
  | { kind: "context" }
  | { kind: "image"; reference: string };

/**
 * The base of every stage, by the stage's index.
 *
 * @throws {RecipeError} for a FROM that expands to no image
 */
export function stageBases(parsed: ParsedDockerfile, settings: RecipeSettings): StageBase[] {
  const values = globalArguments(parsed, settings);
  return parsed.stages.map((stage): StageBase => {
    const reference = expandImage(parsed, stage, values);
    const earlier = parsed.stages.slice(0, stage.index);
    const index = earlier.findLastIndex(({ name }) => name === reference.toLowerCase());
    if (index !== -1) return { kind: "stage", index };
    if (settings.contexts?.includes(reference) === true) return { kind: "context" };
    return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
  });
}

/**
 * The index of the stage that is built.
 *
 * @throws {RecipeError} for an unknown target; the message lists the known ones
 */
export function targetStage(parsed: ParsedDockerfile, target?: string | null): number {
  if (target === undefined || target === null) return parsed.stages.length - 1;
  const byName = parsed.stages.findLastIndex(({ name }) => name === target.toLowerCase());
  if (byName !== -1) return byName;
  if (/^\d{1,9}$/.test(target) && Number(target) < parsed.stages.length) return Number(target);
  const names = parsed.stages.flatMap(({ name }) => (name === null ? [] : [name]));
  const known = names.length > 0 ? `The stages are: ${names.join(", ")}.` : "No stage has a name.";
  throw new RecipeError(`there is no stage ${JSON.stringify(target)} to build as target. ${known}`);
}

/**
 * The index of the stage that a `--from` or a mount's `from=` names. Case does not matter. Null if it names an image; a
 * number in a mount does.
 *
 * @throws {RecipeError} for a number without a stage in `--from`, and for a variable, because Docker expands none there
 */
export function sourceStage(parsed: ParsedDockerfile, source: SourceName): number | null {
  const { written, line, counts } = source;
  if (written.includes("$")) {
    throw new RecipeError(
      `from=${written} has a variable, which Docker does not expand there. Add a stage "FROM ${written} AS <name>" ` +
        "and name that stage.",
      line,
    );
  }
  const byName = parsed.stages.findLastIndex(({ name }) => name === written.toLowerCase());
  if (byName !== -1) return byName;
  if (!counts || !/^\d+$/.test(written)) return null;
  if (Number(written) < parsed.stages.length) return Number(written);
  throw new RecipeError(
    `from=${written} names no stage: the recipe has ${parsed.stages.length}, counted from 0.`,
    line,
  );
}

/**
 * The indices of the stages that run when the target is built, in ascending order. These are the target's, and those
 * that it needs through FROM, `COPY --from` and `RUN --mount=from=`, also where it triggers these.
 */
export function neededStages(parsed: ParsedDockerfile, settings: RecipeSettings): number[] {
  const bases = stageBases(parsed, settings);
  const needed = new Set<number>();
  const open = [targetStage(parsed, settings.target)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (needed.has(index)) continue;
    needed.add(index);
    const base = bases[index] as StageBase;
    if (base.kind === "stage") open.push(base.index);
    open.push(...stagesOfTriggers(parsed, index, triggersOfBase(base, settings)));
    for (const { source } of usedSources(parsed, bases, [index])) {
      const found = sourceStage(parsed, source);
      if (found !== null) open.push(found);
    }
  }
  return [...needed].sort((a, b) => a - b);
}

/** The ONBUILD instructions of the image that a stage is FROM. */
export function triggersOfBase(base: StageBase | undefined, settings: RecipeSettings): readonly string[] {
  return base?.kind === "image" ? (settings.triggers?.get(base.reference) ?? []) : [];
}

/** The stages of the recipe that the ONBUILD instructions of its base make a stage copy from, or mount. */
function stagesOfTriggers(parsed: ParsedDockerfile, index: number, triggers: readonly string[]): number[] {
  return triggers.flatMap((text) => {
    const [, keyword = "", flags = ""] = /^\s*(COPY|RUN)((?:\s+--\S+)+)/i.exec(text) ?? [];
    const sign =
      keyword.toUpperCase() === "COPY" ? /--from=["']?([^\s"']+)/gi : /[=,]from=["']?([^\s,"']+)/gi;
    return [...flags.matchAll(sign)].flatMap(([, written = ""]) => {
      const named = parsed.stages.slice(0, index).findLast(({ name }) => name === written.toLowerCase());
      if (named !== undefined) return [named.index];
      const counts = keyword.toUpperCase() === "COPY" && /^\d{1,9}$/.test(written);
      return counts && Number(written) < index ? [Number(written)] : [];
    });
  });
}

/** The stage's own RUNs, in order. Those under ONBUILD belong to other builds. */
export function runInstructions(stage: Stage): RunInstruction[] {
  return stage.instructions.filter((item) => item.keyword === "RUN").filter(({ onbuild }) => !onbuild);
}

export function runsAnything(stage: Stage): boolean {
  return runInstructions(stage).length > 0;
}

/** The sources that a stage's instructions name. Those under ONBUILD belong to other builds, and are left out. */
export function stageSources(stage: Stage): SourceName[] {
  return stage.instructions.flatMap((instruction) =>
    "sources" in instruction && !instruction.onbuild ? instruction.sources : [],
  );
}

/**
 * The ONBUILD instructions that run at the start of a stage: those of the stage of this recipe that it is FROM. They do
 * not run again in a stage that is FROM this one.
 */
export function triggeredInstructions(
  parsed: ParsedDockerfile,
  bases: readonly StageBase[],
  index: number,
): Instruction[] {
  const base = bases[index];
  if (base?.kind !== "stage") return [];
  return parsed.stages[base.index]?.instructions.filter(({ onbuild }) => onbuild) ?? [];
}

/** A source, and by which instruction which stage uses it. */
interface UsedSource {
  source: SourceName;
  keyword: Instruction["keyword"];
  stage: number;
}

/**
 * The sources that stages use, by what they trigger and by what they have themselves. A place in the recipe that several
 * of the stages trigger is listed once, for the first of them.
 */
export function usedSources(
  parsed: ParsedDockerfile,
  bases: readonly StageBase[],
  stages: readonly number[],
): UsedSource[] {
  const found = new Map<number, UsedSource>();
  for (const stage of stages) {
    const own = parsed.stages[stage]?.instructions.filter(({ onbuild }) => !onbuild) ?? [];
    for (const instruction of [...triggeredInstructions(parsed, bases, stage), ...own]) {
      if (!("sources" in instruction)) continue;
      const { keyword } = instruction;
      for (const source of instruction.sources) {
        if (!found.has(source.start)) found.set(source.start, { source, keyword, stage });
      }
    }
  }
  return [...found.values()];
}

function expandImage(parsed: ParsedDockerfile, stage: Stage, values: ReadonlyMap<string, string>): string {
  const { written } = stage.from.image;
  const unset = new Set<string>();
  const lookup = (name: string): string | undefined => {
    const value = values.get(name);
    if (value === undefined || value === "") unset.add(name);
    return value;
  };
  const reference = expandVariables(written, lookup, parsed.escape, stage.from.line);
  if (reference !== "" && !/[\s:@/]$|\s/.test(reference)) return reference;
  const names = [...unset].join(", ");
  throw new RecipeError(
    `FROM ${written} comes out as ${JSON.stringify(reference)}, which is no image. ` +
      (names === ""
        ? "Write an image after FROM."
        : `${names} has no value here: give it a default in an ARG before the first FROM, or pass it as a build argument.`),
    stage.from.line,
  );
}
