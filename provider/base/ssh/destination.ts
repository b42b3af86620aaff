/** A host's name, an address, or an alias from the user's ssh configuration. It can't be taken for an option. */
const HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)|\[?[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?\]?)$/;
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.\\@+-]*\$?$/;

/** The path of a socket. docker passes it to a shell on the other machine, so only harmless characters are allowed. */
const SOCKET_PATH = /^(?:\/[A-Za-z0-9._-]+)+\/?$/;

export interface SshDestination {
  /** null: the user's ssh configuration decides. */
  user: string | null;
  host: string;
  /** null: the user's ssh configuration decides. */
  port: number | null;
}

/** Why a text is no destination. It never repeats a password. */
export type SshRefusal = { refused: string };

/**
 * Reads `host`, `user@host` or `ssh://user@host:port`.
 *
 * @param path whether a path may follow, as in docker's addresses, where it is the engine's socket
 */
export function parseDestination(text: string, path = false): SshDestination | SshRefusal {
  const isUrl = text.startsWith("ssh://");
  let rest = isUrl ? text.slice("ssh://".length) : text;
  if (isUrl && rest.includes("/")) {
    const [authority = "", ...parts] = rest.split("/");
    const socket = parts.join("/");
    if (!path && parts.join("") !== "") return { refused: "has a path, but an ssh destination has none" };
    if (socket !== "" && path && !SOCKET_PATH.test(`/${socket}`)) {
      return { refused: "has a path that can't be a socket's: expected letters, digits, '.', '_' and '-'" };
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
    return { refused: `has a port that can't be used here: ${expected}` };
  return { user, host: host.replace(/^\[|\]$/g, ""), port };
}
