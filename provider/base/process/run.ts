import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Readable } from "node:stream";
import { CommandError, type CommandFailure } from "./command-error";
import { signalGroup, trackGroup } from "./children";
import { isFolder, startFailure, wantOfDescriptors } from "./start-failure";
import { collectAll, collectEnd } from "./collect";
import { logLines } from "./log-lines";

export interface RunOptions {
  /** What messages call the command; default: the program and its arguments. */
  title?: string;
  cwd?: string;
  /** Added to the environment of this process. `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Text for standard input; default: no standard input. */
  input?: string;
  /** Leaves standard input open behind the text until the command ends by itself; default: it is closed. */
  keepInputOpen?: boolean;
  /** Milliseconds; default: no limit. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /**
   * Runs to its end also when this process is asked to end: for what would be done all the same without it, and would then
   * be left behind. Its limit still holds.
   */
  runsToItsEnd?: boolean;
  /** File to which standard output and error are appended as they come; standard error alone if the caller reads the output. */
  logFile?: string;
  /** Changes each line on its way to the log. Default: lines are written as they are. */
  logLine?: (line: string) => string;
}

/** The output of a command that exited with 0. */
export interface RunResult {
  stdout: string;
  /** All of it, or at least its last MiB. */
  stderr: string;
}

/** Milliseconds between asking a process group to end and killing it. */
const GRACE_MS = 3_000;
/** Bytes of standard output kept in memory; a command that prints more fails. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Bytes of standard error kept in memory: its end. */
const STDERR_BYTES = 1024 * 1024;
const TAIL_CHARACTERS = 2_000;

/** A started command: its output as a stream, and the promise of its end. */
export interface Started {
  stdout: Readable;
  /** Resolves when the command exited with 0, throws {@link CommandError} otherwise. */
  done: Promise<RunResult>;
}

function inputOf({ input, keepInputOpen }: RunOptions): { input?: string; stdin?: "ignore" | "pipe" } {
  if (keepInputOpen === true) return { stdin: "pipe" };
  return input === undefined ? { stdin: "ignore" } : { input };
}

/**
 * Starts a command in a process group of its own, without a shell.
 *
 * @param keepOutput false when the caller reads `stdout` itself; then the result's `stdout` is empty
 * @throws {CommandError} without starting anything, when the signal is aborted already
 */
export async function start(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
  keepOutput = true,
): Promise<Started> {
  const { execa } = await import("execa");
  const failure: CommandFailure = {
    command: options.title ?? [file, ...args].join(" "),
    exitCode: null,
    signal: null,
    timedOut: false,
    timeoutMs: options.timeoutMs ?? null,
    cancelled: false,
    tooMuchOutput: false,
    notStarted: false,
    stderr: "",
  };
  if (options.signal?.aborted === true) throw new CommandError({ ...failure, cancelled: true });
  const notStarted = (code: string | undefined, otherwise: string): Partial<CommandFailure> => {
    const { cwd } = options;
    const why = startFailure(code ?? "", file, cwd === undefined || isFolder(cwd) ? null : cwd);
    return { notStarted: true, hindered: why?.hindered ?? false, stderr: why?.words ?? otherwise };
  };
  const want = wantOfDescriptors();
  if (want !== null) throw new CommandError({ ...failure, ...notStarted(want, want) });
  const child = execa(file, args, {
    cwd: options.cwd,
    env: options.env,
    ...inputOf(options),
    detached: true,
    cleanup: false,
    reject: false,
    // The output is collected below, because an error of execa's repeats all of it in its message.
    buffer: false,
    encoding: "utf8",
  });
  if (options.keepInputOpen === true) {
    // A command that ends without reading it all is judged by how it ended.
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(options.input ?? "");
  }
  const pid = child.pid;
  const forget = pid === undefined || options.runsToItsEnd === true ? () => undefined : trackGroup(pid);
  const end = (): void => {
    if (pid === undefined) return;
    signalGroup(pid, "SIGTERM");
    setTimeout(() => {
      signalGroup(pid, "SIGKILL");
      // A descendant that has left the group could keep the pipes open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, GRACE_MS).unref();
  };
  const onAbort = (): void => {
    failure.cancelled = true;
    end();
  };
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          failure.timedOut = true;
          end();
        }, options.timeoutMs);
  const stdout = keepOutput
    ? collectAll(child.stdout, MAX_BYTES, () => {
        failure.tooMuchOutput = true;
        end();
      })
    : () => "";
  const stderr = collectEnd(child.stderr, STDERR_BYTES);
  const log =
    options.logFile === undefined
      ? undefined
      : createWriteStream(options.logFile, { flags: "a", mode: 0o600 });
  const logged = log === undefined ? Promise.resolve() : finished(log);
  // If the log can't be written, the command is ended. The reason is thrown below.
  logged.catch(end);
  const written: (() => void)[] = [];
  if (log !== undefined) {
    for (const stream of keepOutput ? [child.stdout, child.stderr] : [child.stderr]) {
      const lines = logLines((text) => log.write(text), options.logLine ?? ((line) => line));
      stream.on("data", (chunk: string | Buffer) => lines.take(chunk));
      written.push(() => lines.end());
    }
  }
  const finish = async (): Promise<RunResult> => {
    const result = await child;
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    forget();
    for (const end of written) end();
    log?.end();
    await logged;
    if (result.failed || failure.timedOut || failure.cancelled || failure.tooMuchOutput) {
      failure.exitCode = result.exitCode ?? null;
      failure.signal = result.signal ?? null;
      const unexplained = result.exitCode === undefined && result.signal === undefined;
      const words = stderr().trim() || (unexplained ? (result.shortMessage ?? "") : "");
      failure.stderr = words.slice(-TAIL_CHARACTERS);
      if (pid === undefined) Object.assign(failure, notStarted(result.code, failure.stderr));
      throw new CommandError(failure);
    }
    return { stdout: stdout(), stderr: stderr() };
  };
  const done = finish();
  done.catch(() => undefined);
  return { stdout: child.stdout, done };
}

/**
 * Runs a command to its end.
 *
 * @throws {CommandError} when it exits with anything but 0, times out, is cancelled or can't be started
 */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return await (
    await start(file, args, options)
  ).done;
}
