import { type Directives } from "./directives";
import { type Heredoc } from "./logical-lines";
import { type MappedText, type TextRange } from "./mapped-text";
import { type PhysicalLine } from "./physical-lines";

/** A flag of an instruction, as written. */
interface WrittenFlag extends TextRange {
  text: string;
  /** Lower case, without the dashes. */
  name: string;
  value: string | null;
}

/** The value of a `--from` (a stage's name or number, or an image) or of a mount's `from=` (name or image). */
export interface SourceName extends TextRange {
  written: string;
  line: number;
  /** Whether a number means a stage: BuildKit counts stages for `COPY --from` alone; a mount's 0 is an image. */
  counts: boolean;
}

/** `NAME=value` of an ARG or ENV; `value` has quotes and escapes as written, null where an ARG gives none. */
export interface Assignment {
  name: string;
  value: string | null;
}

interface InstructionPlace extends TextRange {
  /** 1-based line of the keyword. `start` and `end` span the whole instruction, here-documents included. */
  line: number;
  /** True where the instruction only triggers in builds that start from this image. */
  onbuild: boolean;
  flags: WrittenFlag[];
  /** Everything after the flags, continuation lines joined. */
  args: MappedText;
  heredocs: Heredoc[];
}

/** RUN. */
export interface RunInstruction extends InstructionPlace {
  keyword: "RUN";
  /** Offset right after the keyword: flags may be inserted here, before the recipe's own. */
  flagOffset: number;
  /** The strings of the JSON form, or null in shell form. */
  exec: string[] | null;
  /** The `from=` of its mounts. */
  sources: SourceName[];
}

/** COPY and ADD. */
export interface CopyInstruction extends InstructionPlace {
  keyword: "COPY" | "ADD";
  /** The value of `--from`; at most one. */
  sources: SourceName[];
}

/** ARG and ENV. */
export interface VariableInstruction extends InstructionPlace {
  keyword: "ARG" | "ENV";
  assignments: Assignment[];
}

/** Every other instruction. */
interface OtherInstruction extends InstructionPlace {
  keyword:
    | "CMD"
    | "ENTRYPOINT"
    | "EXPOSE"
    | "FROM"
    | "HEALTHCHECK"
    | "LABEL"
    | "MAINTAINER"
    | "SHELL"
    | "STOPSIGNAL"
    | "USER"
    | "VOLUME"
    | "WORKDIR";
}

/** An instruction of a stage, or a global ARG. */
export type Instruction = RunInstruction | CopyInstruction | VariableInstruction | OtherInstruction;

/** One FROM and what follows it. */
export interface Stage {
  index: number;
  /** Lower case, or null. */
  name: string | null;
  /** The FROM instruction; `image` is its image text as written, `platform` its `--platform` value or null. */
  from: TextRange & { line: number; image: TextRange & { written: string }; platform: string | null };
  /** Without the FROM itself. */
  instructions: Instruction[];
}

/** A recipe, read. Offsets are UTF-16 indices into `text`. */
export interface ParsedDockerfile extends Directives {
  text: string;
  lines: readonly PhysicalLine[];
  /** The ARGs before the first FROM. */
  globals: VariableInstruction[];
  /** At least one. */
  stages: Stage[];
}
