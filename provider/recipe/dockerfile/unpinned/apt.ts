import { type ShellWord } from "../shell-commands";
import { operandsOf, type Rule, type RunFacts, type UnpinnedCall } from "./rule";
import { isVerifiedFile } from "./verified-files";

const TAKES_VALUE =
  /^(?:-o|-c|--option|--config-file|-a|--host-architecture|-P|--build-profiles|--snapshot|-S)$/;
const RELEASE_NEXT = /^(?:-[a-zA-Z]*t|--target-release|--default-release)$/;
const RELEASE_HERE = /^(?:-t.|--target-release=|--default-release=)/;
const VERSION = /^([^\s=/-][^\s=/]*)=(.*)$/;
const SUITE = /^[^\s=/.$-][^\s=/]*\/[^\s/=]+$/;
const DEB_FILE = /^(?:\.{0,2}\/.*|[^=]*\.deb)$/;
const CONFIGURATION = /^(?:-c.*|--config-file(?:=.*)?)$/;
/** The settings in apt.conf(5) that decide which preferences apt reads. */
const PREFERENCES = /^(?:RootDir|Dir|Dir::Etc|Dir::Etc::Preferences(?:Parts)?)=/i;

const FILE_REASON =
  "A package given as a file goes past the preferences that pin packages: its version is the one in the file.";

/**
 * The parts of an apt call that bypass apt preferences (apt_preferences(5), apt-get(8)): another configuration, a
 * release, a file, or a version that is asked for by name, unless the lock has that very version.
 */
export const aptInstalls: Rule = (call, facts) => {
  const { args } = call;
  const found: UnpinnedCall[] = [];
  const configured: UnpinnedCall[] = [];
  let installs = false;
  let sources = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as ShellWord;
    const { text } = word;
    const setting = /^(?:-o|--option)$/.test(text)
      ? (args[index + 1]?.text ?? "")
      : text.replace(/^(?:-o=?|--option=)/, "");
    if (PREFERENCES.test(setting)) {
      const reason = "An option names other preferences than those that pin packages.";
      configured.push({ kind: "apt-config", reason, word });
    } else if (CONFIGURATION.test(text)) {
      const reason =
        "A configuration file of its own is read after the one that pins packages, and may undo it.";
      configured.push({ kind: "apt-config", reason, word });
    }
    if (TAKES_VALUE.test(text)) index++;
    else if (RELEASE_NEXT.test(text) || RELEASE_HERE.test(text)) {
      const reason = "A release asked for with -t goes past the preferences that pin packages.";
      found.push({ kind: "apt-release", reason, word });
      if (RELEASE_NEXT.test(text)) index++;
    } else if (text.startsWith("-")) continue;
    else if (!installs && text === "source") sources = true;
    else if (!installs && /^(?:install|reinstall|upgrade|full-upgrade|dist-upgrade|satisfy)$/.test(text))
      installs = true;
    else if (DEB_FILE.test(text)) {
      if (!isVerifiedFile(text, facts)) found.push({ kind: "deb-file", reason: FILE_REASON, word });
    } else if (VERSION.test(text)) found.push(...askedVersion(word, facts));
    else if (SUITE.test(text)) {
      const reason = "A suite asked for by name goes past the preferences that pin packages.";
      found.push({ kind: "apt-release", reason, word });
    }
  }
  if (sources) {
    const reason = "apt preferences don't apply to source packages, and the lock has none.";
    return [{ kind: "apt-source", reason, word: call.word }];
  }
  return installs ? [...configured, ...found] : [];
};

function askedVersion(word: ShellWord, facts: RunFacts): UnpinnedCall[] {
  const [, name = "", written = ""] = VERSION.exec(word.text) ?? [];
  const own = facts.calls.some(({ environment, args }) =>
    [...environment.assigned, ...args].some(
      ({ text }) => /^\w+=/.test(text) && written.includes(text.split("=")[0] as string),
    ),
  );
  const version = word.substituted || (own && written.includes("$")) ? null : facts.expand(written);
  const locked = facts.debs.get(name.replace(/:[a-z0-9-]+$/, ""));
  if (version !== null && locked?.has(version) === true) return [];
  const past = "A version asked for by name goes past the preferences that pin packages";
  const tail =
    version === null
      ? ", and this one is only known to the shell"
      : locked !== undefined && !/[*?[]/.test(version)
        ? `, and the lock has ${[...locked].join(", ")}`
        : ", and mirrors drop it";
  return [{ kind: "apt-version", reason: `${past}${tail}.`, word }];
}

/** `dpkg --install` and `gdebi`, which don't read preferences. */
export const debFiles: Rule = (call, facts) => {
  const { name, args, word } = call;
  const installs = args.some(({ text }) => /^(?:-[a-hj-zA-Z]*i[a-zA-Z]*|--install|--unpack)$/.test(text));
  if (name === "dpkg" && !installs) return [];
  const files = operandsOf(call);
  if (files.length === 0 || files.every((file) => isVerifiedFile(file, facts))) return [];
  return [{ kind: "deb-file", reason: FILE_REASON, word }];
};
