import { type ShellWord } from "../shell-commands";
import { atProgram, hasOption, isOn, operandsOf, type Rule, type UnpinnedCall } from "./rule";

const SOURCE_URL = /^(?:[^=<>~!]*@\s*)?(?:(?:git|hg|svn|bzr)\+|https?:\/\/|ftp:\/\/)/i;
/** An address with a hash, which pip checks, or with a full commit, which names its content. */
const FIXED =
  /#(?:[^#]*&)?sha(?:256|384|512)=[0-9a-f]{64,}|\.git@[0-9a-f]{40}(?:#|$)|^git\+.*@[0-9a-f]{40}(?:#|$)/i;
const OPTIONS_WITH_URL =
  /^(?:-i|--index-url|--extra-index-url|--default-index|--index|-f|--find-links|--proxy|--trusted-host)$/;

/**
 * What pip installs without regard to PIP_CONSTRAINT. A `-c` on the command line is added to PIP_CONSTRAINT (pip's
 * configuration: options that may be repeated are combined). `--isolated` ignores PIP_CONSTRAINT.
 */
export const pip: Rule = (call) => {
  if (!operandsOf(call).some((text) => /^(?:install|wheel|download)$/.test(text))) return [];
  const isolated = call.args.find(({ text }) => text === "--isolated");
  const reason = "pip --isolated ignores PIP_CONSTRAINT, which carries the pins.";
  const ignoring: UnpinnedCall[] = isolated ? [{ kind: "pip-constraint", reason, word: isolated }] : [];
  return [...ignoring, ...urls(call.args)];
};

function urls(args: readonly ShellWord[]): UnpinnedCall[] {
  return args.flatMap((word, index): UnpinnedCall[] => {
    const value = word.text.replace(/^(?:--requirement=|--editable=|--constraint=|-r|-e|-c)/, "");
    if (!SOURCE_URL.test(value) || FIXED.test(value) || OPTIONS_WITH_URL.test(args[index - 1]?.text ?? ""))
      return [];
    const reason = "pip installs from a URL or a repository here; a version constraint does not cover that.";
    return [{ kind: "pip-url", reason, word }];
  });
}

/** `pipx run` fetches a package each time. `pipx install` calls pip, which reads PIP_CONSTRAINT. */
export const pipx: Rule = (call) =>
  operandsOf(call)[0] === "run"
    ? atProgram(call, "npx", "pipx run fetches and runs a package at the time of the build.")
    : /^(?:install|inject)$/.test(operandsOf(call)[0] ?? "")
      ? urls(call.args)
      : [];

/** uv reads neither PIP_CONSTRAINT nor pip's configuration. Only its own lock file, hashes or UV_CONSTRAINT pin it. */
export const uv: Rule = (call, facts) => {
  const [command = "", second = ""] = operandsOf(call);
  if (command === "pip") {
    const found = /^(?:install|sync)$/.test(second) ? urls(call.args.slice(1)) : [];
    if (found.length > 0) return found;
    if (!/^(?:install|sync)$/.test(second) || hasOption(call, "--require-hashes")) return [];
    return atProgram(call, "uv", "uv does not read PIP_CONSTRAINT, which carries the pins.");
  }
  if (command === "tool" && second === "run") {
    return atProgram(call, "npx", "uv tool run fetches and runs a package at the time of the build.");
  }
  const locked =
    hasOption(call, "--frozen", "--locked", "--no-sync") ||
    isOn(facts, "UV_FROZEN") ||
    isOn(facts, "UV_LOCKED");
  const unlocked =
    ["add", "lock"].includes(command) || (command === "tool" && /^(?:install|upgrade)$/.test(second));
  const installs = ["sync", "run"].includes(command) && !locked && !isOn(facts, "UV_NO_SYNC");
  if (!unlocked && !installs) return [];
  const reason = `uv ${command} may take other versions than uv.lock's, unless --locked or --frozen forbids it; the pins have no effect on it.`;
  return atProgram(call, "uv", reason);
};

/** `easy_install` and `python setup.py install`, which fetch dependencies without pip. */
export const setupPy: Rule = (call) => {
  const words = operandsOf(call);
  const installs = /(?:^|\/)setup\.py$/.test(words[0] ?? "") && /^(?:install|develop)$/.test(words[1] ?? "");
  if (!installs && (!call.name.startsWith("easy_install") || words.length === 0)) return [];
  const reason =
    "setuptools fetches dependencies by itself and does not read PIP_CONSTRAINT, which carries the pins.";
  return atProgram(call, "easy-install", reason);
};
