import { createHash } from "node:crypto";
import type { LockedInstruction } from "../../packages/lock/types";
import type { ParsedDockerfile } from "./types";

/** An instruction of a recipe, with its place and text for people. */
export interface HashedInstruction extends LockedInstruction {
  /** Line in the recipe, from 1. */
  line: number;
  text: string;
}

/** The same for the line ends of every system, which git can change. */
const hashOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex")}`;

/**
 * All instructions of a recipe in their order, with the hash of each one's text. Comments and empty lines between them don't
 * count. What the directives at the top say counts like an instruction.
 */
export function hashInstructions({
  text,
  syntax,
  escape,
  globals,
  stages,
}: ParsedDockerfile): HashedInstruction[] {
  const of = (instruction: string, line: number, own: string): HashedInstruction => ({
    ...{ instruction, line, text: own },
    hash: hashOf(own),
  });
  return [
    ...(syntax === null ? [] : [of("# syntax", 1, `# syntax=${syntax}`)]),
    ...(escape === "\\" ? [] : [of("# escape", 1, `# escape=${escape}`)]),
    ...globals.map(({ keyword, line, start, end }) => of(keyword, line, text.slice(start, end))),
    ...stages.flatMap(({ from, instructions }) => [
      of("FROM", from.line, text.slice(from.start, from.end)),
      ...instructions.map(({ keyword, line, start, end }) => of(keyword, line, text.slice(start, end))),
    ]),
  ];
}
