/** Whether an endpoint is this very host: a socket, a pipe, or loopback. */
export function isLocalEndpoint(endpoint: string): boolean {
  if (/^(?:unix|npipe|fd):\/\//.test(endpoint)) return true;
  return /^tcp:\/\/(?:localhost|127(?:\.[0-9]+){3}|\[::1\])(?::|\/|$)/.test(endpoint);
}

/**
 * A text, an endpoint or what docker says of one, without what nobody should read: user and password of `tcp://` and
 * `http://`, which docker does not need, and a password of `ssh://`.
 */
export function withoutUserinfo(text: string): string {
  return text
    .replace(/\b(tcp|https?):\/\/[^\s/]*@/g, "$1://")
    .replace(/\b(ssh:\/\/[^\s/:@]*):[^\s/]*@/g, "$1@");
}

/** An endpoint of DOCKER_HOST as docker takes it: one without a scheme is `tcp://`. */
export function schemed(endpoint: string): string {
  return endpoint.includes("://") ? endpoint : `tcp://${endpoint}`;
}
