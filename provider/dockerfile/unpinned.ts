import { type Unpinned } from "../lock/types";
import { execWords } from "./exec-words";
import { type RecipeSettings } from "./global-arguments";
import { mapRange } from "./mapped-text";
import { lineNumberAt, type PhysicalLine } from "./physical-lines";
import { execCalls, shellCalls, type ShellCall } from "./shell-calls";
import { neededStages, stageBases } from "./stages";
import { walkInstructions } from "./surroundings";
import { type CopyInstruction, type Instruction, type ParsedDockerfile, type RunInstruction } from "./types";
import { unpinnedAdd } from "./unpinned-add";
import { unpinnedCall } from "./unpinned-calls";

const MAXIMUM_TEXT = 200;

/**
 * What a recipe fetches past every pin: `curl-pipe-shell`, `download`, `git-clone`, `add-url`, `apt-version`,
 * `apt-release`, `pip-url`, `npm-global`, `npx`, `gem-install`, `cargo-install`, `go-install`. Each stands once
 * per line and kind, in the order of the lines. ONBUILD counts only where a stage of this recipe triggers it.
 * It reads the text, so a fetch hidden in a script is not seen.
 *
 * @param stages indices of the stages to look at; default: those that the target needs.
 */
export function findUnpinned(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  stages: readonly number[] = neededStages(parsed, settings),
): Unpinned[] {
  const wanted = new Set(stages);
  const bases = stageBases(parsed, settings).filter((_, index) => wanted.has(index));
  const triggering = new Set(bases.flatMap((base) => (base.kind === "stage" ? [base.index] : [])));
  const found = new Map<string, Unpinned>();
  const add = (offset: number, kind: string, reason: string): void => {
    const line = lineNumberAt(parsed.lines, offset);
    const key = `${line} ${kind}`;
    if (!found.has(key)) found.set(key, { line, kind, text: lineText(parsed, line), reason });
  };
  walkInstructions(parsed, settings, (stage, instruction, { expand }) => {
    if (!wanted.has(stage) || (instruction.onbuild && !triggering.has(stage))) return;
    if (isRun(instruction)) {
      for (const call of callsOf(parsed, instruction)) {
        for (const { word, kind, reason } of unpinnedCall(call)) add(word.start, kind, reason);
      }
    } else if (isAdd(instruction)) {
      for (const { offset, reason } of unpinnedAdd(instruction, expand)) add(offset, "add-url", reason);
    }
  });
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function callsOf(parsed: ParsedDockerfile, run: RunInstruction): ShellCall[] {
  const bodies = run.heredocs.flatMap((heredoc) => shellCalls(mapRange(parsed.text, heredoc)));
  return [...(run.exec ? execCalls(execWords(run.args)) : shellCalls(run.args)), ...bodies];
}

function isRun(instruction: Instruction): instruction is RunInstruction {
  return instruction.keyword === "RUN";
}

function isAdd(instruction: Instruction): instruction is CopyInstruction {
  return instruction.keyword === "ADD";
}

/** The line as it stands, trimmed, credentials masked, at most 200 characters. */
function lineText(parsed: ParsedDockerfile, line: number): string {
  const { start, end } = parsed.lines[line - 1] as PhysicalLine;
  const text = maskCredentials(parsed.text.slice(start, end).trim());
  return Array.from(text).slice(0, MAXIMUM_TEXT).join("");
}

/** `//user:password@` becomes `//***@`; masked too are `-u name:password`, passwords and Authorization headers. */
function maskCredentials(text: string): string {
  return text
    .replace(/\/\/[^\s/"'<>|]*@/g, "//***@")
    .replace(/(\s(?:-u\s*|--user[\s=]+))\S+:\S+/g, "$1***")
    .replace(/(\s--(?:http-|proxy-)?password[\s=]+)\S+/g, "$1***")
    .replace(/(authorization:\s*)[^"']+/gi, "$1***");
}
