import { type Directives } from "./directives";
import { type Heredoc } from "./logical-lines";
import { type MappedText, type TextRange } from "./mapped-text";
import { type PhysicalLine } from "./physical-lines";

interface WrittenFlag extends TextRange {
  text: string;
  /** Lower case, without the dashes. */
  name: string;
  value: string | null;
}

/** The value of a `--from` (a stage's name or number, or an image), or of a mount's `from=` (name or image). */
export interface SourceName extends TextRange {
  written: string;
  line: number;
  /** Whether a number means a stage. It does in `COPY --from`. In a mount BuildKit takes it for an image's name. */
  counts: boolean;
}

/** `NAME=value` of an ARG or ENV. `value` is as written, with quotes and escapes; null if an ARG has none. */
export interface Assignment {
  name: string;
  value: string | null;
}

interface InstructionPlace extends TextRange {
  /** Line of the keyword, from 1. `start` and `end` cover the whole instruction, with its here-documents. */
  line: number;
  /** True if the instruction only runs in builds that start from this image. */
  onbuild: boolean;
  flags: WrittenFlag[];
  /** Everything after the flags, with continuation lines joined. */
  args: MappedText;
  heredocs: Heredoc[];
}

export interface RunInstruction extends InstructionPlace {
  keyword: "RUN";
  /** Offset right after the keyword. Flags can be inserted here, before the recipe's own. */
  flagOffset: number;
  /** The strings of the JSON form; null for shell form. */
  exec: string[] | null;
  /** The values of `from=` in its mounts. */
  sources: SourceName[];
}

export interface CopyInstruction extends InstructionPlace {
  keyword: "COPY" | "ADD";
  /** The value of `--from`. There is at most one. */
  sources: SourceName[];
}

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

/** A FROM and the instructions that follow it. */
export interface Stage {
  index: number;
  /** In lower case; null if it has none. */
  name: string | null;
  /** The FROM instruction. `image` is the image as written, `platform` the value of `--platform` or null. */
  from: TextRange & { line: number; image: TextRange & { written: string }; platform: string | null };
  /** The instructions after the FROM. */
  instructions: Instruction[];
}

/** A recipe that has been parsed. Offsets are UTF-16 indices into `text`. */
export interface ParsedDockerfile extends Directives {
  text: string;
  lines: readonly PhysicalLine[];
  /** The ARGs before the first FROM. */
  globals: VariableInstruction[];
  /** There is at least one. */
  stages: Stage[];
}
