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

/**
 * Runs a command to its end. A failure throws in the words of the real plugin: how it ended, the command, and all
 * that it wrote. An abort, and the end of this process, kill it with everything that it has started.
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
    // A group of its own: what it leaves in the background is killed with it.
    const child = spawn(program, [...args, command], {
      cwd: dir,
      env: { ...process.env, ...environment },
      detached: true,
      stdio: "pipe",
    });
    const parts = { stdout: "", stderr: "", both: "" };
    const kill = (): void => killGroup(child.pid);
    const fail = (how: string): void =>
      reject(new Error(`${how}: running ${JSON.stringify(command)}:\n${parts.both}`));
    const settle = (): void => {
      signal.removeEventListener("abort", kill);
      process.removeListener("exit", kill);
    };
    signal.addEventListener("abort", kill);
    process.once("exit", kill);
    if (signal.aborted) kill();
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        parts[name] += text;
        parts.both += text;
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
      settle();
      if (code === 0)
        resolve({ stdout: parts.stdout.replace(/\n$/, ""), stderr: parts.stderr.replace(/\n$/, "") });
      else fail(code === null ? `signal: ${ending}` : `exit status ${code}`);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
