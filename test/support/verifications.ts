import { allProcesses, signalAll, type Descendant } from "./processes";
import { until } from "./until";

/** Processes that verify builds of a store in the background, by the store's directory. */
export function verificationsOf(root: string): Descendant[] {
  return allProcesses().filter(
    ({ command }) => command.includes(`/background/main.js ${root} `) && !command.includes("<defunct>"),
  );
}

/** Waits until none of them runs. */
export async function verificationsOver(root: string, limitMs = 300_000): Promise<void> {
  await until(`the end of the verifications of ${root}`, limitMs, () =>
    verificationsOf(root).length === 0 ? true : null,
  );
}

/** Ends those that run, with their clean-up, and waits for it. */
export async function endVerifications(root: string): Promise<void> {
  const pids = verificationsOf(root).map(({ pid }) => pid);
  signalAll(pids, "SIGTERM");
  await verificationsOver(root);
}
