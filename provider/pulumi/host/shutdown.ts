import { signalAllGroups } from "../../base/process/children";
import { onCancelRequest } from "./cancel-request";
import { onEngineGone } from "./engine-watch";

/** Milliseconds that work gets to clean up after itself; the engine kills a plugin after 5 s. */
const CLEAN_UP_MS = 4_000;
/** Milliseconds in which the answer to the engine leaves the process. */
const ANSWER_MS = 100;

const controller = new AbortController();
let armed = false;
let underWay = 0;
let leave: (() => void) | null = null;

/**
 * Does work that ends early when this provider process is told to end: by the engine's cancel request (the
 * first Ctrl-C), by a signal (the second, and the regular end), or by the engine being gone. The process stays
 * until the work has cleaned up after itself, at most 4 s; child process groups that are left then end with it.
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
  const end = (reason: string, code: number): void => {
    controller.abort(new Error(reason));
    if (underWay === 0) process.exit(code);
    if (leave !== null) return;
    leave = () => process.exit(code);
    setTimeout(leave, CLEAN_UP_MS);
  };
  // The process stays: the engine wants an answer to what it asked for, and then ends it.
  onCancelRequest(() => controller.abort(new Error("cancelled")));
  onEngineGone(process.argv[2], () => end("the Pulumi engine is gone", 1));
  process.on("SIGINT", () => end("ended by SIGINT", 130));
  process.on("SIGTERM", () => end("ended by SIGTERM", 143));
  process.on("SIGHUP", () => end("ended by SIGHUP", 129));
  process.once("exit", () => signalAllGroups("SIGKILL"));
}
