import { argumentLine } from "./argument-line";
import { externalImages } from "./bases";
import { type RecipeSettings } from "./global-arguments";
import { helperStages } from "./helper-stages";
import { splice, type TextEdit } from "./splice";
import { neededStages, stageBases, stageSources, usedSources } from "./stages";
import { type ParsedDockerfile, type RunInstruction, type SourceName, type Stage } from "./types";

/** What to add to a recipe. Everything is optional. */
export interface Instrumentation {
  /** What replaces each external reference. The keys are as `externalImages` reports them. Others stay. */
  bases?: ReadonlyMap<string, string>;
  /** Flags for a RUN, such as `--mount=type=bind,from=pins,target=/x`. They are put before the recipe's own. */
  run?: (stage: Stage, instruction: RunInstruction) => readonly string[];
  /** ARGs to put after a stage's FROM, in this order. Their values are never expanded. */
  stageArguments?: (stage: Stage) => Readonly<Record<string, string>>;
  /** Instructions to put at a stage's end, one on a line. */
  stageEnd?: (stage: Stage) => readonly string[];
  /** A name for a stage that has none; null: it gets no name. */
  stageName?: (stage: Stage) => string | null;
  /** Whole helper stages, to put between the global ARGs and the first FROM. Every one must have a name. */
  header?: string;
}

/**
 * Adds things to the recipe's text. Only the stages that the target needs are changed. The shell text of a RUN stays as
 * it is. Under ONBUILD only images and stage numbers are changed, where a stage triggers it. Stage numbers in `COPY --from` are increased by the number of helper
 * stages. If the target is given as a number, the caller has to increase it.
 *
 * @throws {RangeError} for flags, references, values or a header that a Dockerfile can't contain
 * @throws {RecipeError} for what `neededStages` and `externalImages` refuse
 */
export function instrument(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  { bases = new Map(), run, stageArguments, stageEnd, stageName, header = "" }: Instrumentation,
): string {
  const edits: TextEdit[] = [];
  for (const { reference, uses } of externalImages(parsed, settings)) {
    const pinned = bases.get(reference);
    if (pinned === undefined) continue;
    if (!/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(pinned)) {
      throw new RangeError(`${JSON.stringify(pinned)} is not an image reference`);
    }
    for (const { start, end } of uses) edits.push({ start, end, text: pinned });
  }
  const helpers = helperStages(header, parsed);
  const needed = neededStages(parsed, settings);
  if (header !== "") {
    const triggered = usedSources(parsed, stageBases(parsed, settings), needed).map(({ source }) => source);
    edits.push(headerEdit(parsed, header), ...renumbered(parsed, triggered, helpers));
  }
  for (const index of needed) {
    const stage = parsed.stages[index] as Stage;
    const values = Object.entries(stageArguments?.(stage) ?? {});
    const lines = values.map(([name, value]) => lineBreak(parsed) + argumentLine(name, value, parsed.escape));
    const name = stage.name === null ? (stageName?.(stage) ?? null) : null;
    const end = (stageEnd?.(stage) ?? []).map((line) => lineBreak(parsed) + line).join("");
    const last = stage.instructions.at(-1)?.end ?? null;
    if (end !== "" && last !== null) edits.push({ start: last, end: last, text: end });
    const added = (name === null ? "" : ` AS ${name}`) + lines.join("") + (last === null ? end : "");
    if (added !== "") edits.push({ start: stage.from.end, end: stage.from.end, text: added });
    for (const instruction of stage.instructions) {
      if (!run || instruction.keyword !== "RUN" || instruction.onbuild) continue;
      const flags = run(stage, instruction);
      for (const flag of flags) checkFlag(flag, parsed.escape);
      const { flagOffset } = instruction;
      if (flags.length > 0) edits.push({ start: flagOffset, end: flagOffset, text: ` ${flags.join(" ")}` });
    }
  }
  return splice(parsed.text, edits);
}

function headerEdit(parsed: ParsedDockerfile, header: string): TextEdit {
  const first = (parsed.stages[0] as Stage).from;
  const { start } = parsed.lines[first.line - 1] as { start: number };
  return { start, end: start, text: header.endsWith("\n") ? header : header + lineBreak(parsed) };
}

/** Edits for every stage number of the recipe, except under ONBUILD where no needed stage triggers it. */
function renumbered(parsed: ParsedDockerfile, triggered: readonly SourceName[], helpers: number): TextEdit[] {
  return [...new Set([...parsed.stages.flatMap(stageSources), ...triggered])]
    .filter(({ written, counts }) => counts && /^\d+$/.test(written))
    .map(({ start, end, written }) => ({ start, end, text: String(Number(written) + helpers) }));
}

function checkFlag(flag: string, escape: string): void {
  if (!/^--[a-z][^\s"'$]*$/.test(flag) || flag.includes(escape)) {
    throw new RangeError(
      `${JSON.stringify(flag)} can't be a flag of RUN: no white space, quotes, dollars or escapes`,
    );
  }
}

function lineBreak(parsed: ParsedDockerfile): string {
  return parsed.text.includes("\r\n") ? "\r\n" : "\n";
}
