/** Names whose values are credentials wherever they stand, by their ends; in lower case, with `_` for `-` and `.`. */
const ENDS = [
  ...["token", "passwd", "password", "passphrase", "secret", "credential", "credentials", "jwt"],
  ...["api_key", "apikey", "access_key", "access_key_id", "accesskeyid", "secret_key", "secretkey"],
  ...["private_key", "auth_key", "authkey", "account_key", "accountkey", "shared_key", "master_key"],
  ...["encryption_key", "license_key", "subscription_key"],
  ...["x_amz_signature", "x_goog_signature", "sshpass", "oauth2_bearer", "_auth", "_pass", "_pat", "_pwd"],
];
/** The same, if this is the whole name. */
const WHOLE = ["pass", "auth_basic"];
/** What makes a flag of such a name a switch, or names something else than the value. */
const SWITCHES = /^(?:no|disabled?|without|ask|allow|skip|use|require|force|lock|expire|max|min|num)_/;

/** Names of parts of a query that are credentials there and nowhere else. */
const IN_QUERIES = new Set([
  "key",
  "sig",
  "signature",
  "auth",
  "code",
  "pwd",
  "pass",
  "policy",
  "key_pair_id",
]);

/** Headers whose values are credentials, beside those that end like these. */
const HEADERS = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie", "x-jfrog-art-api"]);
const HEADER_ENDS = [
  "-token",
  "-authorization",
  "-api-key",
  "-auth-key",
  "-auth",
  "-secret",
  "-password",
  "-subscription-key",
];
const BARE_HEADERS = new Set(["api-key", "apikey"]);

function normal(name: string): string {
  return name
    .replace(/^-+/, "")
    .toLowerCase()
    .replace(/[-.]|%2d/g, "_");
}

/** Whether a variable, a flag or a field of this name has a credential as its value. */
export function isCredentialName(name: string): boolean {
  const own = normal(name);
  if (SWITCHES.test(own)) return false;
  return WHOLE.includes(own) || ENDS.some((end) => own.endsWith(end));
}

/** Whether a part of a query of this name is a credential. */
export function isQueryName(name: string): boolean {
  return IN_QUERIES.has(normal(name));
}

/** Whether a header of this name is a credential. */
export function isHeaderName(name: string): boolean {
  const own = name.toLowerCase();
  return HEADERS.has(own) || BARE_HEADERS.has(own) || HEADER_ENDS.some((end) => own.endsWith(end));
}

/** Whether a field of a JSON text has a credential as its value. `auth` is that of a login in Docker's configuration. */
export function isFieldName(name: string): boolean {
  return name === "auth" || isCredentialName(name);
}

/** Names behind which a credential stands in a settings file, also if a sentence could begin with less. */
const SETTING =
  /(?:^|[_.-])(?:password|passwd|passphrase|api_?key|secret_?key|access_?key|(?:private|access|auth|api)_?token)$/;

/** Whether a setting `name: value` or `name = value` has a credential as its value. */
export function isSettingName(name: string): boolean {
  const own = normal(name);
  return SETTING.test(own) && isCredentialName(name);
}
