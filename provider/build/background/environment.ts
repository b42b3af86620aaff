import { VALUES_VARIABLE } from "../roundtrip/hidden-inputs";
import type { BackgroundJob } from "./job";

/** What a verification needs of its caller's environment, by name. Everything else stays behind. */
const NEEDED: readonly RegExp[] = [
  // The user, the machine, and where things are.
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|TMPDIR|TMP|TEMP|TZ|TERM|NO_COLOR|LANG|LANGUAGE)$/,
  /^(?:LC|XDG)_/,
  // The container engine, and ssh to it.
  /^(?:DOCKER|BUILDX|BUILDKIT|APPTAINER|SINGULARITY)_/,
  /^EXPERIMENTAL_BUILDKIT_SOURCE_POLICY$/,
  /^SSH_(?:AUTH_SOCK|AGENT_PID|ASKPASS)$/,
  // The network.
  /^(?:https?|ftp|no|all)_proxy$/i,
  /^(?:SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/,
  // Node.js, and this package.
  /^NODE_(?:OPTIONS|PATH|ENV|NO_WARNINGS|COMPILE_CACHE|DISABLE_COMPILE_CACHE|V8_COVERAGE)$/,
  /^VERIFIED_IMAGES_/,
];

/** Names that say that the value is a secret. */
const SECRET = /PASSWORD|PASSPHRASE|TOKEN|SECRET|CREDENTIAL/;

/** The environment of a verification in the background: what it needs, and the build's own secrets. */
export function environmentOf(
  { variables = [], values = null }: Pick<BackgroundJob, "variables" | "values">,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const needed = Object.entries(environment).filter(
    ([name]) =>
      variables.includes(name) || (!SECRET.test(name) && NEEDED.some((pattern) => pattern.test(name))),
  );
  return { ...Object.fromEntries(needed), ...(values === null ? {} : { [VALUES_VARIABLE]: values }) };
}
