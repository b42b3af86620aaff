import { signalAllGroups } from "./children";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that a signal to this process ends: its children are ended, it gets the time to clean up after
 * itself, and then the signal does to the process what it would have done.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    received ??= signal;
    controller.abort(new Error(`ended by ${signal}`));
    signalAllGroups("SIGTERM");
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    if (received !== undefined) process.kill(process.pid, received);
  }
}
