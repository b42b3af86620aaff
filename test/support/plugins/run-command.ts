import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A command as `local.Command` takes it. */
export interface CommandSpec {
  command: string;
  /** Default `/bin/sh -c`. */
  interpreter?: readonly string[];
  /** Default: this process's working directory, which is the program's. */
  dir?: string;
  /** Added to this process's own. */
  environment?: Readonly<Record<string, string>>;
  stdin?: string;
}

/** What a command that succeeded wrote; one newline at the end of each is taken off. */
export interface CommandOutput {
  stdout: string;
  stderr: string;
}

/** Bytes of a line at which the real plugin stops reading: Go's scanner takes no longer ones. */
const LONGEST_LINE = 65_536;

/**
 * Runs a command to its end. A failure throws in the words of the real plugin: how it ended, the command, and all
 * that it wrote. As with the real plugin, an abort ends the wait and not the command, and a line that is too long is waited
 * for without end.
 *
 * @param say hears every line
 */
export function runCommand(
  spec: CommandSpec,
  signal: AbortSignal,
  say: (line: string, stream: "stdout" | "stderr") => void,
): Promise<CommandOutput> {
  const { command, interpreter = [], dir, environment = {}, stdin } = spec;
  const [program = "/bin/sh", ...args] = interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, command], {
      cwd: dir,
      env: { ...process.env, ...environment },
      stdio: "pipe",
    });
    const parts = { stdout: "", stderr: "", both: "" };
    let isStuck = false;
    const fail = (how: string): void =>
      reject(new Error(`${how}: running ${JSON.stringify(command)}:\n${parts.both}`));
    const cancel = (): void => fail("context canceled");
    const settle = (): void => signal.removeEventListener("abort", cancel);
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        parts[name] += text;
        parts.both += text;
        isStuck ||= parts[name].split("\n").some((line) => Buffer.byteLength(line) >= LONGEST_LINE);
        if (isStuck) child[name].pause();
      });
      createInterface(child[name]).on("line", (line) => say(line, name));
    }
    child.stdin.on("error", () => undefined); // A command that reads no input may close it early.
    child.stdin.end(stdin);
    child.once("error", (error) => {
      settle();
      fail(error.message);
    });
    child.once("close", (code, ending) => {
      if (isStuck) return;
      settle();
      if (code === 0)
        resolve({ stdout: parts.stdout.replace(/\n$/, ""), stderr: parts.stderr.replace(/\n$/, "") });
      else fail(code === null ? `signal: ${ending}` : `exit status ${code}`);
    });
  });
}
