/** A host's name, an address, or an alias of the user's ssh configuration; never an option. */
const HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)|\[?[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?\]?)$/;
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.\\@+-]*\$?$/;

/** A socket's path: what docker hands to the other side's shell. */
const SOCKET_PATH = /^(?:\/[A-Za-z0-9._-]+)+\/?$/;

/** Where to go over ssh. */
export interface SshDestination {
  /** null: what the user's configuration says. */
  user: string | null;
  host: string;
  /** null: what the user's configuration says. */
  port: number | null;
}

/** Why a text is no destination; it never repeats a password. */
export type SshRefusal = { refused: string };

/**
 * Reads `host`, `user@host` or `ssh://user@host:port`.
 *
 * @param path whether a path may follow, as docker has it for the engine's socket
 */
export function parseDestination(text: string, path = false): SshDestination | SshRefusal {
  const isUrl = text.startsWith("ssh://");
  let rest = isUrl ? text.slice("ssh://".length) : text;
  if (isUrl && rest.includes("/")) {
    const [authority = "", ...parts] = rest.split("/");
    const socket = parts.join("/");
    if (!path && parts.join("") !== "") return { refused: "has a path, which a destination of ssh has not" };
    if (socket !== "" && path && !SOCKET_PATH.test(`/${socket}`)) {
      return { refused: "has a path that is none of a socket: expected letters, digits, '.', '_' and '-'" };
    }
    rest = authority;
  }
  const at = rest.lastIndexOf("@");
  const user = at === -1 ? null : rest.slice(0, at);
  if (user?.includes(":") === true) {
    return {
      refused:
        "has a password in it, which would stand in the state; leave it out and use a key (agent, or ~/.ssh/config)",
    };
  }
  const [, host = "", digits] =
    /^(\[[^\]]*\]|[^:]*|[0-9A-Fa-f:]*)(?::([0-9]+))?$/.exec(rest.slice(at + 1)) ?? [];
  const port = digits === undefined ? null : Number(digits);
  const expected = "expected host, user@host or ssh://user@host:port";
  if (!HOST.test(host) || (user !== null && !USER.test(user)))
    return { refused: `is no destination: ${expected}` };
  if (port !== null && (!isUrl || port < 1 || port > 65_535))
    return { refused: `has no good port: ${expected}` };
  return { user, host: host.replace(/^\[|\]$/g, ""), port };
}
