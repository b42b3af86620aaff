import { signalAllGroups } from "../process/children";
import { onCancelRequest } from "./cancel-request";
import { onEngineGone } from "./engine-watch";

/** Milliseconds that work gets to clean up after itself before the process ends. */
const CLEAN_UP_MS = 3_000;

const controller = new AbortController();
let armed = false;

/**
 * The signal that aborts when this provider process is told to end: by the engine's cancel request (the
 * first Ctrl-C), by a signal, or by the engine being gone. The first call arms all of them. Whatever ends
 * the process, its child process groups end with it.
 */
export function cancellation(): AbortSignal {
  if (!armed) arm();
  return controller.signal;
}

function arm(): void {
  armed = true;
  const end = (reason: string, code: number): void => {
    controller.abort(new Error(reason));
    signalAllGroups("SIGTERM");
    setTimeout(() => {
      signalAllGroups("SIGKILL");
      process.exit(code);
    }, CLEAN_UP_MS);
  };
  // The process stays: the engine wants an answer to what it asked for, and then ends it.
  onCancelRequest(() => controller.abort(new Error("cancelled")));
  onEngineGone(process.argv[2], () => end("the Pulumi engine is gone", 1));
  process.once("SIGINT", () => end("ended by SIGINT", 130));
  process.once("SIGTERM", () => end("ended by SIGTERM", 143));
  process.once("SIGHUP", () => end("ended by SIGHUP", 129));
  process.once("exit", () => signalAllGroups("SIGKILL"));
}
