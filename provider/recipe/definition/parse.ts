import { RecipeError } from "../dockerfile/error";
import { physicalLines } from "../dockerfile/physical-lines";
import { AGENT_NAMES, baseKind } from "./agents";
import { readFiles } from "./files";
import { readHeader, type HeaderLine } from "./header";
import type { DefinitionSection, DefinitionStage, ParsedDefinition } from "./types";
import { defaultsIn, variables, type Variables } from "./variables";

const SECTIONS = new Set(
  "help setup files labels environment pre post runscript test startscript arguments".split(" "),
);
/** Sections of an app, whose name comes next on the line. */
const APP_SECTIONS = new Set(
  "appinstall applabels appfiles appenv apptest apphelp apprun appstart".split(" "),
);

/** A stage begins where a line begins with this, wherever that is: the engine does not care for the section it is in. */
const STAGE = /^bootstrap:/i;

/**
 * Reads an Apptainer definition file as the engine reads it.
 *
 * @param buildArgs values of `{{ variables }}`
 * @throws {RecipeError} for what the engine would refuse, and for a stage without a bootstrap agent that it knows
 */
export function parseDefinition(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
): ParsedDefinition {
  const lines = physicalLines(text);
  const numbered = lines.map((line, at): HeaderLine => ({ ...line, number: at + 1 }));
  const groups: HeaderLine[][] = [[]];
  for (const line of numbered) {
    if (STAGE.test(text.slice(line.start, line.end))) groups.push([]);
    groups.at(-1)?.push(line);
  }
  const consumed = new Set<string>();
  const stages: DefinitionStage[] = [];
  for (const group of groups) {
    const stage = readStage(text, group, buildArgs, stages.length, consumed);
    if (stage !== null) stages.push(stage);
  }
  if (stages.length === 0)
    throw new RecipeError("the definition is empty; it has to begin with `Bootstrap: ...`");
  checkStageNames(stages);
  return { text, lines, stages, consumed: [...consumed] };
}

const isSection = (line: string): boolean => line.trimStart().startsWith("%");

function readStage(
  text: string,
  lines: readonly HeaderLine[],
  buildArgs: Readonly<Record<string, string>>,
  index: number,
  consumed: Set<string>,
): DefinitionStage | null {
  const written = ({ start, end }: HeaderLine): string => text.slice(start, end);
  const first = lines.findIndex((line) => isSection(written(line)));
  const top = first === -1 ? lines : lines.slice(0, first);
  const [at, last] = [lines[0], lines.at(-1)];
  if (at === undefined || last === undefined) return null;
  const range = { start: at.start, end: last.end };
  const cut = sectionsIn(text, first === -1 ? [] : lines.slice(first), range.end);
  const known = variables(
    buildArgs,
    defaultsIn(
      cut
        .filter(({ name }) => name === "arguments")
        .map(({ body }) => text.slice(body.start, body.end))
        .join("\n"),
    ),
  );
  const expand: Variables["expand"] = (words, line) => known.expand(words, line);
  const header = readHeader(text, top, expand);
  if (header.size === 0 && cut.length === 0) return null;
  const bootstrap = header.get("bootstrap");
  if (bootstrap === undefined || bootstrap.value === "") {
    throw new RecipeError("there is no `Bootstrap: ...`, so nothing says what to build on", at.number);
  }
  if (baseKind(bootstrap.value) === null) {
    throw new RecipeError(
      `there is no bootstrap agent "${bootstrap.value}"; expected one of ${AGENT_NAMES.join(", ")}`,
      bootstrap.line,
    );
  }
  // Everywhere else too, a variable without a value ends the engine's build.
  for (const line of lines) expand(written(line), line.number);
  const files = cut
    .filter(({ name }) => name === "files")
    .flatMap((section) => readFiles(section, text, linesWithin(lines, section), expand));
  for (const name of known.used) consumed.add(name);
  const sections = cut.map((section) => ({ ...section, args: expand(section.args, section.line) }));
  return {
    index,
    name: header.get("stage")?.value ?? null,
    agent: bootstrap.value,
    header,
    sections,
    files,
    range,
  };
}

function linesWithin(lines: readonly HeaderLine[], { line, body }: DefinitionSection): HeaderLine[] {
  return lines.filter(({ number, end }) => number > line && end <= body.end);
}

function sectionsIn(text: string, lines: readonly HeaderLine[], end: number): DefinitionSection[] {
  const starts = lines.filter((line) => isSection(text.slice(line.start, line.end)));
  return starts.map((line, at): DefinitionSection => {
    const [word = "", ...rest] = text.slice(line.start, line.end).trim().replace(/^%+/, "").split(" ");
    const name = word.toLowerCase();
    if (!SECTIONS.has(name) && !APP_SECTIONS.has(name)) {
      throw new RecipeError(`there is no section "%${word}"`, line.number);
    }
    const args = rest.join(" ");
    if (APP_SECTIONS.has(name) && args.trim() === "") {
      throw new RecipeError(`"%${word}" has to name its app`, line.number);
    }
    const stop = starts[at + 1]?.start ?? end;
    return { name, args, line: line.number, body: { start: Math.min(line.end + 1, stop), end: stop } };
  });
}

/** `%files from` has to name an earlier stage. The engine knows stages by their name only. */
function checkStageNames(stages: readonly DefinitionStage[]): void {
  for (const { index, files } of stages) {
    for (const { stage, line } of files) {
      if (stage === null) continue;
      const known = stages.slice(0, index).some((one) => one.name === stage);
      if (!known) throw new RecipeError(`"%files from ${stage}" names no earlier stage`, line);
    }
  }
}
