import { isCredentialName, isFieldName, isHeaderName, isQueryName, isSettingName } from "./credential-names";
import { SHAPES } from "./credential-shapes";
import { BEHIND_WORDS } from "./credential-words";

/** Stands where a credential stood. */
export const HIDDEN_CREDENTIAL = "***";

/** A name behind which a credential stands. */
interface Named {
  /** Finds names; its first group is the name. */
  name: RegExp;
  /** Whether a credential stands behind the name, given the character before it. */
  isKnown: (name: string, before: string) => boolean;
  /** The value, from where the name ends. Sticky. */
  value: RegExp;
}

/*
 * Every pattern takes time in proportion to the text: what it may repeat without limit starts at a boundary only, and ends
 * at the next one.
 */

/**
 * A value as a shell, a URL or a JSON text has it: plain characters, and parts in quotes (escaped ones too). What follows a
 * quote without a blank belongs to the same word.
 */
const PLAIN = String.raw`[^\s"'\x60;&|<>()\\#]`;
const IN_QUOTES = String.raw`(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"${PLAIN}*)?|'[^'\n]*(?:'${PLAIN}*)?|\\"[^"\\\n]*\\"${PLAIN}*|\\'[^'\\\n]*\\'${PLAIN}*)`;
/** A quote behind plain characters mostly ends a text that has the name in it too, so this looks twice. */
const GLUED = String.raw`(?:"[\w$%.+@!^-][^"\\\n]{0,999}"|'[\w$%.+@!^-][^'\\\n]{0,999}')`;
const VALUE = new RegExp(`(?:${PLAIN}+|${IN_QUOTES})(?:${GLUED}${PLAIN}*){0,64}|`, "y");

const NAMED: readonly Named[] = [
  {
    // `Name: value`, until a quote or the line's end.
    name: /(?<![\w-])([A-Za-z][\w-]{2,48}):[ \t]{0,80}/g,
    isKnown: isHeaderName,
    value: /[^"'\n\\]*(?:\\(?!["'])[^"'\n\\]*)*/y,
  },
  {
    // `"name": "value"`; the quotes stay. A shell's text can have a backslash before each.
    name: /(?<=")([\w.-]{1,64})\\?"\s{0,8}:\s{0,8}\\?"/g,
    isKnown: isFieldName,
    value: /(?<!\\")[^"\\\n]*(?:\\.[^"\\\n]*)*|[^"\\\n]*/y,
  },
  {
    name: /(?<=')([\w.-]{1,64})'\s{0,8}:\s{0,8}'/g,
    isKnown: isFieldName,
    value: /[^'\n]*/y,
  },
  {
    // `name=value`: a variable, a flag, a part of a query. `name==version` is a package.
    name: /(?<![\w.%-])([\w.%-]{1,96})=(?!=)/g,
    isKnown: (name, before) =>
      isCredentialName(name) ||
      (/[?&]/.test(before) && isQueryName(name)) ||
      // In a connection string. `PWD` alone is a shell's directory.
      (before === ";" && /^pwd$/i.test(name)),
    value: VALUE,
  },
  {
    // `ENV NAME value`, `npm config set name value`, `aws configure set name value`.
    name: /(?<=(?:^|\s)(?:ENV|set|config)[ \t]{1,8})([\w./:-]{1,96})[ \t]{1,8}(?![=\s])/gim,
    isKnown: (name) => name.split(/[./:]/).some(isCredentialName),
    value: VALUE,
  },
  {
    // `password: value` and `password = value` of a file. `token:` also begins sentences.
    name: /(?<![\w.-])([\w.-]{4,64})[ \t]{0,8}[:=][ \t]{1,8}(?![=\s])/g,
    isKnown: isSettingName,
    value: VALUE,
  },
  {
    // `--flag value`.
    name: /(?<![\w-])(--[a-zA-Z][a-zA-Z0-9-]{1,48})[ \t]{1,8}(?:\\\r?\n[ \t]{0,80})?(?!-)/g,
    // Docker's own flag says where a secret is.
    isKnown: (name) => isCredentialName(name) && name !== "--secret",
    value: VALUE,
  },
];

/** Everything between `//` and the `@` of an address. */
const USERINFO = /\/\/([^\s/"'<>|]*)@/g;

const USER_HIDDEN = `//${HIDDEN_CREDENTIAL}@`;

/** A user alone is no credential where an address has no token in its place. */
const USER_ALONE = /(?:ssh|sftp|rsync):$/i;

/**
 * What only names where a value is: variables, a command's output, a file of a build secret. Or it is no value of a
 * credential at all.
 */
const REFERENCE =
  /^(?:\\?["'])?(?:(?:\$\w+|\$\{\w+\}|[:@/.,])+|\$(?:\([^)]*\)?)?|\/run\/secrets\/\S*|\*+|true|false|yes|no|none|null|)(?:\\?["'])?$/;

/**
 * Replaces by `***` what looks like a credential: in addresses and their queries, headers, assignments, flags, and tokens of
 * well-known services. This is the one place that knows what a credential looks like. A text without one stays as it is.
 */
export function hideCredentials(text: string): string {
  let shown = text;
  // What stands behind a hidden value can be read as a part of it only then. Three times were never needed.
  for (let pass = 0; pass < 4; pass++) {
    const hidden = hideOnce(shown);
    if (hidden === shown) break;
    shown = hidden;
  }
  return shown;
}

function hideOnce(text: string): string {
  const left = text.replace(USERINFO, (whole, user: string, at: number) =>
    !user.includes(":") && USER_ALONE.test(text.slice(Math.max(at - 6, 0), at)) ? whole : USER_HIDDEN,
  );
  const behind = BEHIND_WORDS.reduce((all, one) => all.replace(one, `$1${HIDDEN_CREDENTIAL}`), left);
  const named = NAMED.reduce(hideNamed, behind);
  return SHAPES.reduce((all, one) => all.replace(one, HIDDEN_CREDENTIAL), named);
}

function hideNamed(text: string, { name, isKnown, value }: Named): string {
  let shown = "";
  let done = 0;
  for (const match of text.matchAll(name)) {
    const [whole, word = ""] = match;
    const start = match.index + whole.length;
    if (match.index < done || !isKnown(word, text[match.index - 1] ?? "")) continue;
    value.lastIndex = start;
    const found = value.exec(text)?.[0] ?? "";
    if (REFERENCE.test(found)) continue;
    shown += text.slice(done, start) + HIDDEN_CREDENTIAL;
    done = start + found.length;
  }
  return shown + text.slice(done);
}

/** Whether a text holds what looks like a credential. */
export function hasCredential(text: string): boolean {
  return hideCredentials(text) !== text;
}

/** Replaces the user of every address, also one that is no credential: `//***@`. */
export function hideUsers(text: string): string {
  return text.replace(USERINFO, USER_HIDDEN);
}
