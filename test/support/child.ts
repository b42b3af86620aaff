import { spawn } from "node:child_process";
import { descendants, signalAll } from "./processes";

/** How a child that ended by itself ended, and what it said. */
export interface ChildResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options of {@link runChild}. */
export interface ChildOptions {
  cwd?: string;
  /** The whole environment; default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Written to the child's standard input, which is closed either way. */
  input?: string | Buffer;
  /** Milliseconds; default 5 minutes. */
  timeoutMs?: number;
  /** Hears all that standard output has said so far, each time that there is more. */
  onOutput?: (said: string) => void;
  /** Hears the process's number once it runs. */
  onStart?: (pid: number) => void;
}

const running = new Set<number>();
const processTree = (pid: number): number[] => [pid, ...descendants(pid).map((one) => one.pid)];

function killRunning(): void {
  for (const pid of running) signalAll(processTree(pid), "SIGKILL");
  running.clear();
}

process.once("exit", killRunning);
// Death by a signal's default action would skip every exit handler; the codes are the shell's own.
process.once("SIGTERM", () => process.exit(128 + 15));
process.once("SIGHUP", () => process.exit(128 + 1));

/**
 * Runs a program to its end and returns what it said; a non-zero exit is a result, not an error.
 * Throws when it can't be started, is ended by a signal, or takes too long: then it gets SIGINT and,
 * five seconds later, SIGKILL, each with all its descendants. No descendant outlives this process.
 */
export function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildResult> {
  const { timeoutMs = 300_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
    const { pid } = child;
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    let tree: number[] = [];
    let hardKill: NodeJS.Timeout | undefined;
    if (pid !== undefined) {
      running.add(pid);
      options.onStart?.(pid);
    }
    const timer = setTimeout(() => {
      late = true;
      if (pid !== undefined && child.exitCode === null) tree = processTree(pid);
      signalAll(tree, "SIGINT");
      hardKill = setTimeout(() => {
        signalAll(tree, "SIGKILL");
        // A process that left the tree before may still hold the pipes, which would put off `close` for ever.
        child.stdout.destroy();
        child.stderr.destroy();
      }, 5_000);
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(hardKill);
      signalAll(tree, "SIGKILL");
      if (pid !== undefined) running.delete(pid);
    };
    child.stdout.on("data", (chunk: Buffer) => {
      out.push(chunk);
      options.onOutput?.(Buffer.concat(out).toString());
    });
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined); // A child that reads no input may close it early.
    child.stdin.end(options.input);
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (code, signal) => {
      settle();
      const result = {
        code: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      };
      if (!late && code !== null) return resolve(result);
      const how = late ? `took longer than ${timeoutMs} ms` : `was ended by ${signal}`;
      reject(new Error(`${command} ${args.join(" ")} ${how}\n${result.stdout}\n${result.stderr}`));
    });
  });
}
