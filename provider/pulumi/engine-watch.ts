import { connect } from "node:net";

/** Milliseconds between two looks. */
const INTERVAL_MS = 2_000;
/** Failed looks in a row after which the engine counts as gone. */
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
 * Calls back when the engine that started this provider process is gone without a word: a killed
 * `pulumi` leaves its providers running. Never keeps the process alive.
 *
 * @param address `host:port` of the engine, the provider's first argument; anything else is not watched
 */
export function onEngineGone(address: string | undefined, callback: () => void): void {
  const [, host, port] = /^([^\s/:]+):([0-9]+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return;
  let failed = 0;
  const look = async (): Promise<void> => {
    failed = (await answers(host, Number(port))) ? 0 : failed + 1;
    if (failed >= LOOKS) callback();
    else setTimeout(() => void look(), INTERVAL_MS).unref();
  };
  setTimeout(() => void look(), INTERVAL_MS).unref();
}
