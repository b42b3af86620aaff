/** Shells write a password in quotes if it has blanks. */
const WORD = String.raw`(?:"[^"\n]*"|'[^'\n]*'|\S+)`;

/** Words behind which a credential stands. What the first group has is kept. */
export const BEHIND_WORDS: readonly RegExp[] = [
  // `curl -u user:password`, `--user=user:password`, `skopeo --src-creds user:password`.
  new RegExp(
    String.raw`(?<!\S)(-[uU][ \t]{0,8}|--(?:proxy-)?user[ \t=]{1,8}|--(?:[a-z]{1,8}-)?creds[ \t=]{1,8})(?:"[^":\n]*:[^"\n]*"[^\s"']*|'[^':\n]*:[^'\n]*'[^\s"']*|[^\s:]+:\S+)`,
    "g",
  ),
  // The flags of downloaders, whatever stands behind them.
  new RegExp(String.raw`(?<!\S)(--(?:http-|proxy-)?password[ \t=]{1,8})${WORD}`, "g"),
  // netrc(5), on one line.
  /(\blogin\s{1,8}\S{1,256}\s{1,8}password\s{1,8})\S+/g,
  // npm config set //registry/:_authToken value
  /(:_(?:authToken|auth|password)[ \t]{1,8})(?![ \t=*])\S+/g,
  new RegExp(String.raw`(\bsshpass\s{1,8}-p\s{0,8})${WORD}`, "g"),
  new RegExp(
    String.raw`(\b(?:docker|podman|buildah|nerdctl|skopeo|registry|acr|oc)\s{1,8}login\b[^\n;&|]{0,120}?\s-p\s{1,8})${WORD}`,
    "g",
  ),
  /((?<!\w)(?:Bearer|Basic)[ \t]{1,4})(?=[^\s"']{0,200}\d)[A-Za-z0-9._~+/=-]{16,}/g,
  // netrc(5) as printf gets it: `\n` stands for the line breaks.
  /((?:\b|\\n)login(?:\s|\\n){1,8}[^\s\\]{1,256}(?:\s|\\n){1,8}password\s{1,8})[^\s\\'"]+/g,
  new RegExp(
    String.raw`(?<!\S)(-b[ \t]{0,8}|--cookie[ \t=]{1,8})(?:"[^"=\n]*=[^"\n]*"|'[^'=\n]*=[^'\n]*')`,
    "g",
  ),
  new RegExp(String.raw`(--(?:with-token|password-stdin)[ \t]{0,8}<<<[ \t]{0,8})${WORD}`, "g"),
  new RegExp(String.raw`(?<!\S)(-(?:Password|ApiKey|StorePasswordInClearText)[ \t]{1,8})${WORD}`, "g"),
  new RegExp(String.raw`(\bcargo\s{1,8}login\s{1,8})(?!-)${WORD}`, "g"),
  new RegExp(String.raw`(\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n;&|]{0,120}?\s-p)(?!\s)${WORD}`, "g"),
  new RegExp(
    String.raw`(\bconfig\s{1,8}(?:-\S{1,64}\s{1,8}){0,4}http-basic\.\S{1,128}\s{1,8}\S{1,256}\s{1,8})${WORD}`,
    "g",
  ),
  new RegExp(
    String.raw`(\bconfig\s{1,8}(?:-\S{1,64}\s{1,8}){0,4}(?:github|gitlab)-oauth\.\S{1,128}\s{1,8})${WORD}`,
    "g",
  ),
  /(\bbundle\s{1,8}config\s{1,8}(?:set\s{1,8})?(?:--\S{1,64}\s{1,8}){0,4}\S{1,256}\s{1,8}[^\s:]{1,256}:)\S+/g,
  // What is piped into a login.
  new RegExp(
    String.raw`(\becho\s{1,8}(?:-n\s{1,8})?)(?!-)${WORD}(?=\s{0,8}\|\s{0,8}[\w./ -]{1,64}\slogin\b)`,
    "g",
  ),
];
