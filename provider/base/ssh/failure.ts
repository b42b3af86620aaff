import { before } from "../words/cut";

/** What ssh, or docker over ssh, prints in known cases, and what that means. The first match counts. */
const KNOWN: readonly { words: RegExp; explain: (to: Destination) => string }[] = [
  {
    words: /REMOTE HOST IDENTIFICATION HAS CHANGED|has changed and you have requested strict checking/i,
    explain: ({ host, command }) =>
      `the host key of ${host} is not the one in known_hosts: another machine answers under this name, or its key was ` +
      `changed; ask who runs it, and only then correct known_hosts (${command} shows the line)`,
  },
  {
    words: /host key verification failed|no \S+ host key is known for|authenticity of host .* can't be/i,
    explain: ({ host, command }) =>
      `ssh does not know the host key of ${host}; connect once by hand (${command}) and check it, or add it to known_hosts`,
  },
  {
    words: /permission denied while trying to connect to the docker (?:daemon|API)/i,
    explain: ({ host }) =>
      `the user on ${host} may not use Docker there; add it to the group docker, or take another user`,
  },
  {
    words: /permission denied \(|too many authentication failures|no supported authentication methods/i,
    explain: ({ host, command }) =>
      `${host} takes neither this user nor its keys; it has to work without a question (ssh -o BatchMode=yes${command.slice(3)} true): ` +
      "check the user's name, load the key into the agent, or name it in ~/.ssh/config",
  },
  {
    words: /could not resolve hostname/i,
    explain: ({ host }) =>
      `there is no host called ${host}; check the name, or give it a Host entry in ~/.ssh/config`,
  },
  {
    words: /connection refused/i,
    explain: ({ host }) => `nobody listens for ssh at ${host}; check host and port, or start its sshd`,
  },
  {
    words: /(?:connection|operation) timed out|no route to host|network is unreachable/i,
    explain: ({ host }) => `${host} does not answer; check the network, the address, and that it is up`,
  },
  {
    words: /docker: (?:command )?not found|unknown command: docker|exit status 127\b/i,
    explain: ({ host }) =>
      `there is no docker on ${host}, or not on the PATH of a session without a login; install Docker 18.09 or newer there`,
  },
  {
    words:
      /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker API/i,
    explain: ({ host }) =>
      `ssh gets to ${host}, but no Docker answers there; start it, or add the user to the group docker`,
  },
];

interface Destination {
  host: string;
  /** What a person types to connect, such as `ssh -p 2222 -l me host`. */
  command: string;
}

/** What docker's errors about an ssh connection contain: a placeholder for the host, or the ssh command. */
const OVER_SSH = /docker\.example\.com|command \[ssh /;

/** Whether an error of docker's is about an ssh connection. */
export function isOverSsh(where: string, text: string): boolean {
  return where.startsWith("ssh://") || OVER_SSH.test(text);
}

/** The destination, read from the command that docker ran: `command [ssh -l me -- host docker system dial-stdio]`. */
function destinationOf(where: string, text: string): Destination {
  const ran = /command \[ssh (.*?)docker system dial-stdio\]/.exec(text)?.[1];
  if (ran !== undefined) {
    const words = ran.trim().split(/ +/);
    // Options of docker's own, which a person does not need (`-T` since Docker 27).
    const isDockers = (word: string, index: number): boolean =>
      ["--", "-o", "-T"].includes(word) || words[index - 1] === "-o";
    const own = words.filter((word, index) => !isDockers(word, index));
    return { host: own.at(-1) ?? where, command: `ssh ${own.join(" ")}` };
  }
  const plain = before(where.replace(/^ssh:\/\//, ""), "/");
  const host = plain.replace(/^.*@/, "").replace(/:[0-9]+$/, "");
  return { host, command: `ssh ${where.startsWith("ssh://") ? where : plain}` };
}

/** The beginnings of lines that OpenSSH's client prints itself, some of them for the server before there is a session. */
const CLIENT_LINE =
  /^(?:ssh: |Host key verification failed|No \S+ host key is known for |The authenticity of host |Host key for .* has changed and you have requested |@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!|\S+: Permission denied \(|Received disconnect from |Disconnected from |Connection (?:closed|reset|timed out) |kex_exchange_identification: )/;

/** The lines of a text that ssh's client has printed, without those of the command that it has run. */
export function clientLines(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => CLIENT_LINE.test(line))
    .join("\n");
}

/**
 * Says in one sentence what is wrong with an ssh connection and what to do about it. Null when the text matches no
 * known case.
 *
 * @param where the endpoint or destination, for messages
 * @param text what ssh, or docker, said
 */
export function sshFailure(where: string, text: string): string | null {
  const found = KNOWN.find(({ words }) => words.test(text));
  return found?.explain(destinationOf(where, text)) ?? null;
}
