import { spawn } from "node:child_process";
import { until } from "./until";

/** A server that runs beside the tests; it ends with this process at the latest. */
export interface Daemon {
  /** What it has logged to standard error. */
  readonly said: () => string;
  /** Ends it with all that it has started. */
  readonly stop: () => Promise<void>;
}

const running = new Set<() => void>();
process.once("exit", () => running.forEach((end) => end()));

/**
 * Starts a server in a process group of its own, and waits until it answers.
 *
 * @param isReady true once it does
 * @throws Error with what it said, when it ends before that
 */
export async function startDaemon(
  program: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Daemon> {
  let said = "";
  let ended = false;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], detached: true, env });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const end = new Promise<void>((resolve) => {
    child.once("error", (error) => (said += error.message));
    child.once("close", () => resolve());
  }).then(() => void (ended = true));
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended already.
    }
  };
  const term = (): void => signal("SIGTERM");
  running.add(term);
  const stop = async (): Promise<void> => {
    running.delete(term);
    term();
    const hard = setTimeout(() => signal("SIGKILL"), 10_000);
    await end;
    clearTimeout(hard);
  };
  try {
    await until(`${program} to answer`, 300_000, async () => {
      if (ended) throw new Error(`${program} ended: ${said}`);
      return (await isReady()) || null;
    });
    return { said: () => said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
