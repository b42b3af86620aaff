import { signalAllGroups } from "../process/children";

const controller = new AbortController();
let armed = false;

/**
 * The signal that aborts when this provider process is told to end. The first call arms the handlers: a
 * signal to the process, or its exit, ends every child process group.
 */
export function cancellation(): AbortSignal {
  arm();
  return controller.signal;
}

function arm(): void {
  if (armed) return;
  armed = true;
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const signal of Object.keys(codes) as (keyof typeof codes)[]) {
    process.once(signal, () => {
      controller.abort(new Error(`ended by ${signal}`));
      signalAllGroups("SIGTERM");
      setTimeout(() => {
        signalAllGroups("SIGKILL");
        process.exit(codes[signal]);
      }, 2_000);
    });
  }
  process.once("exit", () => signalAllGroups("SIGKILL"));
}
