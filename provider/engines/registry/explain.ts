import { hideCredentials, hideUsers } from "../../base/words/credentials";
import { before } from "../../base/words/cut";

/** What follows a URL's scheme. A query may contain a signature or a token. */
const ADDRESS = /(?<=[a-z0-9+.-]):\/\/[^\s"']*/gi;

/** How many characters of a tool's output a message repeats. */
const SHOWN = 400;

/**
 * The last line of a tool's output, without decoration and without credentials.
 *
 * @param text standard error of skopeo or `docker buildx imagetools`
 */
export function toolWords(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const last = (lines.at(-1) ?? "it said nothing").trim();
  const inner = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1]?.replace(/\\(.)/g, "$1") ?? last;
  const bare = inner
    .replace(/^ERROR: /, "")
    // skopeo says this about any registry that it can't reach, even if the name is right.
    .replace(/^Error parsing image name "[^"]*": (?=.)/, "");
  const withoutQueries = hideUsers(bare).replace(ADDRESS, (address) =>
    address.includes("?") ? `${before(address, "?")}?***` : address,
  );
  return hideCredentials(withoutQueries).slice(0, SHOWN);
}

/** Known failures of registries, and what a person can do about each. */
const ADVICE: [RegExp, (host: string) => string][] = [
  [
    /\b40[13]\b|unauthori[sz]ed|authentication required|denied|forbidden|no basic auth|credentials/i,
    (host) =>
      `the registry refuses these credentials, or wants some: docker login ${host} stores them in the user's docker configuration, which is read here; check also that they allow reading and writing`,
  ],
  [
    /x509|certificate|tls:/i,
    (host) =>
      `the registry's certificate is not trusted: put the certificate of its authority into /etc/docker/certs.d/${host}/ca.crt, or name it in SSL_CERT_FILE`,
  ],
  [
    /HTTP response to HTTPS client/i,
    () =>
      "the registry uses plain HTTP, which is accepted only on this machine's loopback address: set up TLS for it",
  ],
  [
    /connection refused|no such host|no route|network is unreachable|i\/o timeout|dial tcp|EOF\b|reset by peer/i,
    (host) => `is the registry running, and is ${host} its right name and port?`,
  ],
  [
    /\b429\b|too many requests|toomanyrequests/i,
    () => "the registry limits the rate of requests: try again later",
  ],
  [/\b5[0-9]{2}\b/, () => "the registry has trouble of its own: look at its log, or try again later"],
  [/\b404\b|not found/i, () => "what answers there is perhaps no registry: is the reference right?"],
];

/** Says what a person can do, given a tool's output. */
export function advice(words: string, host: string): string {
  return ADVICE.find(([pattern]) => pattern.test(words))?.[1](host) ?? "is the reference right?";
}
