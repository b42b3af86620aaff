import { readDirectives } from "./directives";
import { RecipeError } from "./error";
import { logicalLines } from "./logical-lines";
import { rangeInRecipe } from "./mapped-text";
import { lineNumberAt, physicalLines, type PhysicalLine } from "./physical-lines";
import { readInstruction } from "./read-instruction";
import { type Instruction, type ParsedDockerfile, type Stage, type VariableInstruction } from "./types";

/** The longest line that BuildKit reads, in bytes, with the carriage return at its end. */
const LONGEST_LINE = 65_535;

/**
 * Reads a Dockerfile for Linux images (Dockerfile reference and BuildKit's frontend). Offsets are exact in the given
 * text, also with a byte order mark, CRLF, tabs, continuation lines and here-documents.
 *
 * @throws {RecipeError} with the line, for anything that can't be read; also for a file without a FROM
 */
export function parseDockerfile(text: string): ParsedDockerfile {
  const lines = physicalLines(text);
  demandShort(text, lines);
  const directives = readDirectives(text, lines);
  const lineAt = (offset: number): number => lineNumberAt(lines, offset);
  const globals: VariableInstruction[] = [];
  const stages: Stage[] = [];
  for (const logical of logicalLines(text, lines, directives.escape)) {
    const instruction = readInstruction(logical, directives.escape, lineAt);
    const stage = stages.at(-1);
    if (instruction.keyword === "FROM") {
      if (instruction.onbuild) throw new RecipeError("ONBUILD FROM is not allowed.", instruction.line);
      stages.push(readStage(instruction, stages.length));
    } else if (stage) {
      stage.instructions.push(instruction);
    } else if (instruction.keyword === "ARG" && !instruction.onbuild) {
      globals.push(instruction);
    } else {
      throw new RecipeError(
        `${instruction.keyword} stands before the first FROM, where only ARG may stand. Move it after a FROM.`,
        instruction.line,
      );
    }
  }
  if (stages.length === 0) {
    const reason = text.trim() === "" ? "it is empty" : "it has no FROM instruction";
    throw new RecipeError(`${reason}. A Dockerfile needs at least one FROM.`);
  }
  return { ...directives, text, lines, globals, stages };
}

function demandShort(text: string, lines: readonly PhysicalLine[]): void {
  for (const [index, { start, end }] of lines.entries()) {
    // A character has at most three bytes for each of its UTF-16 units.
    if (3 * (end - start + 1) <= LONGEST_LINE) continue;
    const bytes = Buffer.byteLength(text.slice(start, text[end] === "\r" ? end + 1 : end));
    if (bytes <= LONGEST_LINE) continue;
    throw new RecipeError(
      `the line has ${bytes} bytes. Docker reads at most ${LONGEST_LINE}. Break it into several lines.`,
      index + 1,
    );
  }
}

function readStage(from: Instruction, index: number): Stage {
  const words = [...from.args.text.matchAll(/[^\t\v\f\r ]+/g)];
  const [image, as, name, ...more] = words;
  if (!image || more.length > 0 || (as && (as[0].toLowerCase() !== "as" || !name))) {
    throw new RecipeError(
      `FROM ${from.args.text.slice(0, 80)} can't be read. Write FROM <image> or FROM <image> AS <name>.`,
      from.line,
    );
  }
  const stageName = name?.[0].toLowerCase() ?? null;
  if (stageName !== null && !/^[a-z][a-z0-9\-_.]*$/.test(stageName)) {
    throw new RecipeError(
      `the stage name ${JSON.stringify(stageName)} is not valid. It must start with a letter and hold only letters, ` +
        "digits, dashes, underscores and dots.",
      from.line,
    );
  }
  const platform = from.flags.find((flag) => flag.name === "platform")?.value ?? null;
  return {
    index,
    name: stageName,
    from: {
      start: from.start,
      end: from.end,
      line: from.line,
      image: { ...rangeInRecipe(from.args, image.index, image.index + image[0].length), written: image[0] },
      platform,
    },
    instructions: [],
  };
}
