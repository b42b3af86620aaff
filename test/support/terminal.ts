import { runChild } from "./child";

/** What a terminal has shown while a command ran in it. */
export interface TerminalResult {
  code: number;
  /** Every line that was on the screen at any time, without colours, each once and in the order of appearance. */
  lines: string[];
  /** Everything that was written to the terminal. */
  raw: string;
}

/** Where the terminal is to be. */
interface Place {
  columns: number;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Colours and other ways to write. */
const LOOKS = /\x1b\[[0-9;]*m/g;
/** Whatever ends a line on the screen: line breaks, and moves of the cursor. */
const MOVES = /[\r\n]+|\x1b\[[?0-9;]*[A-Za-ln-z]|\x1b[=>]/;

/** The lines that a terminal has shown. */
export function linesOn(raw: string): string[] {
  const lines = raw
    .replace(LOOKS, "")
    .split(MOVES)
    .map((line) => line.trimEnd());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** Runs a program in a terminal of its own, with util-linux' `script`. */
export async function runOnTerminal(
  program: string,
  args: readonly string[],
  { columns, cwd, env }: Place,
): Promise<TerminalResult> {
  const command = `stty cols ${columns} rows 50; exec ${[program, ...args].map(quoted).join(" ")}`;
  const { code, stdout } = await runChild(
    "script",
    ["--quiet", "--return", "--command", command, "/dev/null"],
    {
      cwd,
      env: { ...env, TERM: "xterm-256color", CI: "", PULUMI_DISABLE_CI_DETECTION: "true" },
      timeoutMs: 900_000,
    },
  );
  return { code, lines: linesOn(stdout), raw: stdout };
}
