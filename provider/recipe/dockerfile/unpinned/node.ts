import { type ShellCall } from "../shell-calls";
import { type ShellWord } from "../shell-commands";
import { type UnpinnedKind } from "./kinds";
import { npmGlobal } from "./npm-global";
import { atProgram, hasOption, operandsOf, type Rule, type UnpinnedCall } from "./rule";

const WITHOUT_FROZEN_LOCK: Readonly<Record<string, UnpinnedKind>> = {
  pnpm: "pnpm-install",
  yarn: "yarn-install",
  bun: "bun-install",
};
const INSTALLS = new Set(["install", "i", "add", "in", "isntall"]);
const TAKES_VALUE =
  /^(?:--(?:prefix|registry|cache|userconfig|globalconfig|cwd|dir|workspace|filter|store-dir|modules-folder|cache-folder|loglevel|omit|include|tag|location|network-timeout|network-concurrency|fetch-timeout|fetch-retries|maxsockets|reporter|mutex)|-[CwF])$/;
/** npm's package specs (`npm help package-spec`): addresses, hosted repositories, and `owner/name` on GitHub. */
const REMOTE =
  /^(?:(?:@[^/]+\/)?[^@/:\s]+@)?(?:git(?:\+\w+)?:\/\/|git\+|https?:\/\/|ssh:\/\/|(?:github|gitlab|bitbucket|gist):|git@)/i;
const SHORTHAND = /^(?:(?:@[^/]+\/)?[^@/:\s]+@)?[A-Za-z0-9][\w-]*\/[\w.-]+(?:#.*)?$/;
const FULL_COMMIT = /#[0-9a-f]{40}$/i;

export const nodePackages: Rule = (call, facts) => {
  const { name } = call;
  const plain = call.args.map(({ text }) => text);
  const packages = packageWords(call);
  const command = packages[0]?.text ?? "";
  const named = packages.slice(1);
  if (name === "corepack") return corepack(call, command, named);
  const fetching =
    name === "npm" ? ["exec", "x", "create", "init"] : name === "bun" ? ["x", "create"] : ["dlx", "create"];
  if (fetching.includes(command) && named.length > 0) return runsPackage(call, `${name} ${command}`);
  const global = npmGlobal(call, plain, facts);
  if (global.length > 0) return global;
  if (INSTALLS.has(command)) {
    const urls = named.filter(
      ({ text }) => (REMOTE.test(text) || SHORTHAND.test(text)) && !FULL_COMMIT.test(text),
    );
    if (urls.length > 0) {
      const reason = `${name} installs from a URL or a repository here, which can serve something else under the same version.`;
      return urls.map((word) => ({ kind: "npm-url", reason, word }));
    }
  }
  return name === "npm" ? npmUnlocked(call, command) : withoutFrozenLock(call, command, named.length > 0);
};

/** Commands that look for a package in the project, and fetch it if the project lacks it. */
export const npx: Rule = (call) =>
  operandsOf(call).length === 0 || hasOption(call, "--no-install", "--no", "--offline", "--version", "--help")
    ? []
    : runsPackage(call, call.name);

function runsPackage(call: ShellCall, words: string): UnpinnedCall[] {
  const reason = `${words} fetches what the project has not installed itself, at the time of the build; it reads no lock.`;
  return atProgram(call, "npx", reason);
}

function packageWords({ args }: ShellCall): ShellWord[] {
  return args.filter(
    ({ text }, index) => !text.startsWith("-") && !TAKES_VALUE.test(args[index - 1]?.text ?? ""),
  );
}

function corepack(call: ShellCall, command: string, named: readonly ShellWord[]): UnpinnedCall[] {
  if (!["enable", "prepare", "use", "install", "up"].includes(command)) return [];
  if (named.length > 0 && named.every(({ text }) => /\+sha\d+\./.test(text))) return [];
  const reason =
    "corepack fetches a package manager, now or when it is first called; without a hash in packageManager its content may change.";
  return atProgram(call, "corepack", reason);
}

function npmUnlocked(call: ShellCall, command: string): UnpinnedCall[] {
  if (["update", "up", "upgrade"].includes(command)) {
    return atProgram(call, "npm-unlocked", "npm update takes newer versions than the lock file's.");
  }
  if (
    INSTALLS.has(command) &&
    (hasOption(call, "--no-package-lock") || hasOption(call, "--package-lock=false"))
  ) {
    return atProgram(
      call,
      "npm-unlocked",
      "Without package-lock.json npm takes what the registry has at the time.",
    );
  }
  return [];
}

function withoutFrozenLock(call: ShellCall, command: string, named: boolean): UnpinnedCall[] {
  const { name } = call;
  if (command === "" && (name !== "yarn" || hasOption(call, "--version", "-v", "--help", "-h"))) return [];
  const changes = ["add", "update", "up", "upgrade"].includes(command);
  if (!changes && command !== "" && !INSTALLS.has(command)) return [];
  const frozen = ["--frozen-lockfile", "--immutable", "--pure-lockfile"].some(
    (option) => hasOption(call, option) && !hasOption(call, `${option}=false`),
  );
  if (!changes && !named && frozen) return [];
  const reason = `${name} may take other versions than its lock file's, unless --frozen-lockfile (yarn 2 and later: --immutable) forbids it; the pins have no effect on it.`;
  const kind = WITHOUT_FROZEN_LOCK[name];
  return kind === undefined ? [] : atProgram(call, kind, reason);
}
