import { request, type IncomingMessage, type RequestOptions, type ServerResponse } from "node:http";

/** Sends on what came, and answers what is said there; or as `answer` does with it. */
export function forward(
  where: Pick<RequestOptions, "hostname" | "port" | "socketPath">,
  from: IncomingMessage,
  to: ServerResponse,
  answer = (said: IncomingMessage): void => {
    to.writeHead(said.statusCode ?? 502, said.headers);
    said.pipe(to);
  },
): void {
  const { method, url, headers } = from;
  const onward = request({ ...where, method, path: url, headers }, answer);
  onward.on("error", () => to.destroy());
  from.pipe(onward);
}
