/** Whether an endpoint is on this host: a socket, a pipe, or a loopback address. */
export function isLocalEndpoint(endpoint: string): boolean {
  if (/^(?:unix|npipe|fd):\/\//.test(endpoint)) return true;
  return /^tcp:\/\/(?:localhost|127(?:\.[0-9]+){3}|\[::1\])(?::|\/|$)/.test(endpoint);
}

/**
 * Removes credentials from an endpoint, or from what docker prints about it: user and password of `tcp://` and
 * `http://`, which docker does not need, and the password of `ssh://`.
 */
export function withoutUserinfo(text: string): string {
  return text
    .replace(/\b(tcp|https?):\/\/[^\s/]*@/g, "$1://")
    .replace(/\b(ssh:\/\/[^\s/:@]*):[^\s/]*@/g, "$1@");
}

/** Reads an endpoint as docker reads DOCKER_HOST: without a scheme it is `tcp://`. */
export function schemed(endpoint: string): string {
  return endpoint.includes("://") ? endpoint : `tcp://${endpoint}`;
}
