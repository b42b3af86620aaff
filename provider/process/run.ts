import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Readable } from "node:stream";
import { CommandError, type CommandFailure } from "./command-error";
import { signalGroup, trackGroup } from "./children";

/** How a command is run. */
export interface RunOptions {
  /** Words for messages; default: the program and its arguments. */
  title?: string;
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Record<string, string | undefined>;
  /** Text for standard input; default: no standard input. */
  input?: string;
  /** Milliseconds; default: no limit. */
  timeoutMs?: number;
  /** Ends the command when aborted. */
  signal?: AbortSignal;
  /** File to which standard output and error are appended as they come. */
  logFile?: string;
}

/** What a command left behind when it exited with 0. */
export interface RunResult {
  stdout: string;
  stderr: string;
}

/** Milliseconds between asking a process group to end and killing it. */
const GRACE_MS = 3_000;
/** Bytes of output kept in memory per stream; a command that prints more fails. */
const MAX_BYTES = 64 * 1024 * 1024;
const TAIL_CHARACTERS = 2_000;

/** A started command: its output as a stream, and the promise of its end. */
export interface Started {
  stdout: Readable;
  /** Resolves when the command exited with 0, throws {@link CommandError} otherwise. */
  done: Promise<RunResult>;
}

/**
 * Starts a command in a process group of its own, without a shell.
 *
 * @param keepOutput false when the caller consumes `stdout` itself and nothing is to be kept of it
 */
export async function start(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
  keepOutput = true,
): Promise<Started> {
  const { execa } = await import("execa");
  const child = execa(file, args, {
    cwd: options.cwd,
    env: options.env,
    input: options.input,
    stdin: options.input === undefined ? "ignore" : undefined,
    detached: true,
    cleanup: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MAX_BYTES,
    buffer: { stdout: keepOutput, stderr: true },
    encoding: "utf8",
  });
  const pid = child.pid;
  const forget = pid === undefined ? () => undefined : trackGroup(pid);
  let timedOut = false;
  let cancelled = false;
  const end = (): void => {
    if (pid === undefined) return;
    signalGroup(pid, "SIGTERM");
    setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS).unref();
  };
  const onAbort = (): void => {
    cancelled = true;
    end();
  };
  if (options.signal?.aborted === true) onAbort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, options.timeoutMs);
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: "a" });
  if (log !== undefined) {
    child.stdout.on("data", (chunk: string | Buffer) => log.write(chunk));
    child.stderr.on("data", (chunk: string | Buffer) => log.write(chunk));
  }
  const finish = async (): Promise<RunResult> => {
    const result = await child;
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    forget();
    if (log !== undefined) {
      log.end();
      await finished(log);
    }
    const stderr = typeof result.stderr === "string" ? result.stderr : "";
    if (result.failed || timedOut || cancelled) {
      const failure: CommandFailure = {
        command: options.title ?? [file, ...args].join(" "),
        exitCode: result.exitCode ?? null,
        signal: result.signal ?? null,
        timedOut,
        timeoutMs: options.timeoutMs ?? null,
        cancelled,
        notStarted: pid === undefined,
        stderr: (stderr.trim() || (result.exitCode === undefined ? (result.shortMessage ?? "") : "")).slice(
          -TAIL_CHARACTERS,
        ),
      };
      throw new CommandError(failure);
    }
    return { stdout: keepOutput ? String(result.stdout) : "", stderr };
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
