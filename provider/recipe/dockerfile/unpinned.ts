import { hideCredentials, hideUsers } from "../../base/words/credentials";
import { type LockedPackage, type Unpinned } from "../../packages/lock/types";
import { execWords } from "./exec-words";
import { type RecipeSettings } from "./global-arguments";
import { mapRange } from "./mapped-text";
import { lineNumberAt, type PhysicalLine } from "./physical-lines";
import { execCalls, shellCalls, type ShellCall } from "./shell-calls";
import { neededStages, stageBases, type StageBase } from "./stages";
import { walkInstructions, type Expand } from "./walk-instructions";
import {
  type CopyInstruction,
  type Instruction,
  type ParsedDockerfile,
  type RunInstruction,
  type Stage,
  type VariableInstruction,
} from "./types";
import { unpinnedAdd } from "./unpinned/add";
import { unpinnedCall } from "./unpinned/calls";
import { carrierKind } from "./unpinned/environment";
import {
  bringIn,
  isLockName,
  mountedPaths,
  UNKNOWN,
  type FileSources,
  type StageFiles,
} from "./unpinned/lock-files";
import { triggerReason, unpinnedTriggers } from "./unpinned/onbuild";
import { type UnpinnedKind } from "./unpinned/kinds";
import { followRun } from "./unpinned/run-files";
import { type RunFacts } from "./unpinned/rule";
import { valueOf } from "./unpinned/values";

const MAXIMUM_TEXT = 200;
const PERHAPS = "perhaps: ";

/** Whether an entry is about a command that may not run, because it is in a branch of the shell. */
export const isPerhaps = ({ reason }: Pick<Unpinned, "reason">): boolean => reason.startsWith(PERHAPS);

/** What is known beside the recipe. */
export interface UnpinnedSources {
  /** Indices of the stages to look at; default: those that the target needs. */
  stages?: readonly number[];
  /** The lock's packages. A version that a recipe asks for counts as pinned if the lock has the same. Default: none. */
  packages?: readonly LockedPackage[];
  /** The ONBUILD instructions of images, by reference as in the recipe with variables expanded. Default: none. */
  triggers?: ReadonlyMap<string, readonly string[]>;
  /** What apt did not report in the build, by stage. Default: nothing. */
  pastHook?: ReadonlyMap<number, readonly { kind: UnpinnedKind; reason: string }[]>;
  /**
   * The paths of the context's files, relative to it, without those that are ignored. Default: nobody has looked, and the
   * names of lock files in COPY and ADD are believed.
   */
  context?: readonly string[] | null;
}

/**
 * Finds what a recipe fetches without a pin, and what bypasses the pins. Each is listed once per line and kind, in the
 * order of the lines. The line is that of the program, or of the word that is the cause (`pkg=1.2`, a URL).
 *
 * ONBUILD instructions are listed where they are written, because they can't be pinned. What they fetch is also listed
 * where a stage of this recipe triggers them. Only the recipe's text is read, so what a script fetches is not seen.
 */
export function findUnpinned(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  {
    stages = neededStages(parsed, settings),
    packages = [],
    triggers = new Map(),
    pastHook = new Map(),
    context = null,
  }: UnpinnedSources = {},
): Unpinned[] {
  const wanted = new Set(stages);
  const allBases = stageBases(parsed, settings);
  const bases = allBases.filter((_, index) => wanted.has(index));
  const triggering = new Set(bases.flatMap((base) => (base.kind === "stage" ? [base.index] : [])));
  const debs = debVersions(packages);
  const held = heldFiles(parsed, allBases, context);
  const found = new Map<string, Unpinned>();
  const add = (offset: number, kind: UnpinnedKind, reason: string): void => {
    const line = lineNumberAt(parsed.lines, offset);
    const key = `${line} ${kind}`;
    const known = found.get(key);
    if (!known || (isPerhaps(known) && !isPerhaps({ reason })))
      found.set(key, { line, kind, text: lineText(parsed, line), reason });
  };
  for (const index of wanted) {
    const base = allBases[index];
    for (const { kind, reason } of pastHook.get(index) ?? []) {
      add((parsed.stages[index] as Stage).from.image.start, kind, reason);
    }
    const ran = base?.kind === "image" ? unpinnedTriggers(triggers.get(base.reference) ?? []) : [];
    if (base?.kind === "image" && ran.length > 0) {
      add((parsed.stages[index] as Stage).from.image.start, "onbuild", triggerReason(base.reference, ran));
    }
  }
  walkInstructions(parsed, settings, (stage, instruction, expand) => {
    if (!wanted.has(stage)) return;
    const { files, sources } = held(stage, expand);
    bringIn(instruction, files, sources);
    if (instruction.onbuild && (isRun(instruction) || isAdd(instruction))) {
      const text = `${instruction.keyword} ${instruction.args.text}`;
      if (unpinnedTriggers([text]).length > 0) add(instruction.start, "onbuild", triggerReason(null, [text]));
    }
    if (instruction.onbuild && !triggering.has(stage)) return;
    if (isRun(instruction)) {
      const calls = callsOf(parsed, instruction);
      const mounted = mountedPaths(instruction.flags, files.directory, sources);
      const facts = factsOf(calls, expand, debs, files, mounted);
      for (const call of calls) {
        for (const { word, kind, reason } of unpinnedCall(call, facts)) {
          add(word.start, kind, call.perhaps ? `${PERHAPS}${reason}` : reason);
        }
      }
    } else if (isAdd(instruction)) {
      for (const { offset, reason } of unpinnedAdd(instruction, expand)) add(offset, "add-url", reason);
    } else if (isVariable(instruction)) {
      for (const { name } of instruction.assignments) {
        const kind = carrierKind(name);
        const reason = `${instruction.keyword} sets its own ${name}, which carries the pins.`;
        if (kind !== null) add(instruction.start, kind, reason);
      }
    }
  });
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function callsOf(parsed: ParsedDockerfile, run: RunInstruction): ShellCall[] {
  const bodies = run.heredocs.map((heredoc) => mapRange(parsed.text, heredoc));
  return run.exec ? execCalls(execWords(run.args)) : shellCalls(run.args, bodies);
}

function factsOf(
  calls: readonly ShellCall[],
  expand: Expand,
  debs: RunFacts["debs"],
  files: StageFiles,
  mounted: readonly string[],
): RunFacts {
  const strict = calls.some(
    ({ name, args }) =>
      (name === "set" || /^(?:ba|da|a|z|k)?sh$/.test(name)) &&
      args.some(({ text }) => /^-[a-df-z]*e[a-z]*$|^errexit$/.test(text)),
  );
  const value = valueOf(calls, expand);
  const exported = calls.flatMap(({ name, args }) => (name === "export" ? args : []));
  return { calls, exported, strict, expand, debs, value, brings: followRun(calls, files, mounted, value) };
}

/** The lock files that each stage has so far. A stage starts with those of the stage that it builds on. */
function heldFiles(
  parsed: ParsedDockerfile,
  bases: readonly StageBase[],
  context: readonly string[] | null,
): (stage: number, expand: Expand) => { files: StageFiles; sources: FileSources } {
  const locks = context?.filter(isLockName) ?? null;
  const byStage = new Map<number, StageFiles>();
  const named = (from: string): StageFiles | null => {
    const byName = parsed.stages.findLast(({ name }) => name === from.toLowerCase());
    return byStage.get(byName?.index ?? (/^\d+$/.test(from) ? Number(from) : -1)) ?? null;
  };
  return (stage, expand) => {
    const base = bases[stage];
    const parent = base?.kind === "stage" ? byStage.get(base.index) : undefined;
    const files = byStage.get(stage) ?? {
      directory: parent?.directory ?? (base?.kind === "scratch" || base?.kind === "context" ? "/" : UNKNOWN),
      paths: new Set(parent?.paths),
    };
    byStage.set(stage, files);
    return { files, sources: { context: locks, stage: named, expand } };
  };
}

function debVersions(packages: readonly LockedPackage[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const { ecosystem, name, version } of packages) {
    if (ecosystem === "dpkg") versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return versions;
}

function isRun(instruction: Instruction): instruction is RunInstruction {
  return instruction.keyword === "RUN";
}

function isAdd(instruction: Instruction): instruction is CopyInstruction {
  return instruction.keyword === "ADD";
}

function isVariable(instruction: Instruction): instruction is VariableInstruction {
  return instruction.keyword === "ARG" || instruction.keyword === "ENV";
}

/** The text of a line: trimmed, without credentials, at most 200 characters. */
function lineText(parsed: ParsedDockerfile, line: number): string {
  const { start, end } = parsed.lines[line - 1] as PhysicalLine;
  const text = hideCredentials(hideUsers(parsed.text.slice(start, end).trim()));
  return Array.from(text).slice(0, MAXIMUM_TEXT).join("");
}
