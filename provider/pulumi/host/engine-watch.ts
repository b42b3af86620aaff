import { connect } from "node:net";
import type { Readable } from "node:stream";

/** Milliseconds between two tries to connect. */
const INTERVAL_MS = 2_000;
/** The same, once the pipe has broken. */
const SUSPICIOUS_MS = 200;
/** Failed tries in a row after which the engine counts as gone. */
const LOOKS = 2;

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.setTimeout(INTERVAL_MS, () => end(false));
  });
}

/**
 * Calls back, once, when the engine that started this provider process is gone. A killed `pulumi` leaves its providers
 * running, and nothing tells them. So this tries to connect to the engine every 2 seconds, and at once when standard input
 * breaks, because the engine holds its other end. It never keeps the process alive.
 *
 * @param address `host:port` of the engine, the provider's first argument; anything else is not watched
 * @param pipe ends together with the engine; its end alone proves nothing
 */
export function onEngineGone(
  address: string | undefined,
  callback: () => void,
  pipe: Readable & { unref?: () => unknown } = process.stdin,
): void {
  const [, host, port] = /^([^\s/:]+):([0-9]+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return;
  let failed = 0;
  let interval = INTERVAL_MS;
  let timer: NodeJS.Timeout | undefined;
  const next = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ms).unref();
  };
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || failed >= LOOKS) return;
    looking = true;
    const there = await answers(host, Number(port));
    looking = false;
    failed = there ? 0 : failed + 1;
    if (there) interval = INTERVAL_MS;
    if (failed >= LOOKS) callback();
    else next(interval);
  };
  const suspect = (): void => {
    interval = SUSPICIOUS_MS;
    next(0);
  };
  pipe.once("end", suspect).once("error", suspect).once("close", suspect);
  pipe.resume();
  pipe.unref?.();
  next(INTERVAL_MS);
}
