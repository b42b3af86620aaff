import { signalAllGroups } from "../../base/process/children";
import { onCancelRequest } from "./cancel-request";
import { onEngineGone } from "./engine-watch";

/** Milliseconds that work gets to clean up; the engine kills a plugin after 5 s. */
const CLEAN_UP_MS = 4_000;
/** The same where the engine is gone and nobody kills. Docker may be slow on a busy machine. */
const ALONE_MS = 30_000;
/** Milliseconds to wait before the process exits, so that its answer reaches the engine. */
const ANSWER_MS = 100;

const controller = new AbortController();
let armed = false;
let underWay = 0;
let leave: (() => void) | null = null;

/**
 * Runs work that ends early when this provider process has to end: after the engine's Cancel request (the first Ctrl-C), a
 * signal (the second Ctrl-C, and the regular end), or when the engine is gone. The process waits for the work to clean up, after a
 * signal at most 4 s, without its engine at most 30 s; then it exits and kills the child process groups that are left.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (!armed) arm();
  underWay += 1;
  try {
    return await work(controller.signal);
  } finally {
    underWay -= 1;
    leaveWhenIdle();
  }
}

function leaveWhenIdle(): void {
  if (leave !== null && underWay === 0) setTimeout(leave, ANSWER_MS);
}

function arm(): void {
  armed = true;
  const end = (reason: string, code: number, milliseconds = CLEAN_UP_MS): void => {
    controller.abort(new Error(reason));
    if (underWay === 0) process.exit(code);
    if (leave !== null) return;
    leave = () => process.exit(code);
    setTimeout(leave, milliseconds);
  };
  // The process does not exit here: the engine waits for the answer to its request, and ends the process itself.
  onCancelRequest(() => controller.abort(new Error("cancelled")));
  onEngineGone(process.argv[2], () => end("the Pulumi engine is gone", 1, ALONE_MS));
  process.on("SIGINT", () => end("ended by SIGINT", 130));
  process.on("SIGTERM", () => end("ended by SIGTERM", 143));
  process.on("SIGHUP", () => end("ended by SIGHUP", 129));
  process.once("exit", () => signalAllGroups("SIGKILL"));
}
