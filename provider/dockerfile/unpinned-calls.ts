import { aptInstalls } from "./unpinned-apt";
import { downloads } from "./unpinned-downloads";
import { type ShellCall } from "./shell-calls";
import { type ShellWord } from "./shell-commands";

/** Why a call can't be pinned, and the word that shows it. */
export interface UnpinnedCall {
  kind: string;
  reason: string;
  word: ShellWord;
}

const SOURCE_URL = /^(?:[^=<>~!]*@\s*)?(?:(?:git|hg|svn|bzr)\+|https?:\/\/|ftp:\/\/)/i;

/** Everything about one call that no lock can pin. */
export function unpinnedCall(call: ShellCall): UnpinnedCall[] {
  const python = /^python[\d.]*$/.test(call.name);
  if (python && call.args[0]?.text === "-m" && call.args[1]) {
    return unpinnedCall({ ...call, name: call.args[1].text, args: call.args.slice(2) });
  }
  const { name, args, word } = call;
  const plain = args.map(({ text }) => text);
  const operands = plain.filter((text) => !text.startsWith("-"));
  const [first = "", second] = operands;
  const one = (kind: string, reason: string): UnpinnedCall[] => [{ kind, reason, word }];
  switch (name) {
    case "curl":
    case "wget":
      return downloads(call);
    case "apt":
    case "apt-get":
    case "aptitude":
      return aptInstalls(args);
    case "git":
      return plain.some((text) => ["clone", "fetch", "pull"].includes(text))
        ? one(
            "git-clone",
            "git takes what the remote has at the time of the build; no lock says which commit.",
          )
        : [];
    case "go":
      return ["install", "run", "get"].includes(first) && operands.some((text) => text.includes("@"))
        ? one(
            "go-install",
            `go ${first} resolves the module at the time of the build; no go.sum of yours covers it.`,
          )
        : [];
    case "cargo":
      if (!["install", "binstall"].includes(first)) return [];
      return plain.includes("--path") && plain.includes("--locked")
        ? []
        : one(
            "cargo-install",
            "cargo install resolves crates at the time of the build; the lock can't hold them.",
          );
    case "gem":
      return first === "install" || first === "i"
        ? one("gem-install", "gem install takes the newest gem that fits at the time of the build.")
        : [];
    case "npx":
    case "bunx":
    case "uvx":
      return first !== "" && !plain.includes("--no-install") && !plain.includes("--no")
        ? one("npx", `${name} fetches and runs a package at the time of the build; it reads no lock.`)
        : [];
    case "npm":
    case "pnpm":
    case "yarn":
      return nodePackages(name, first, second, plain, one);
    case "pipx":
      return first === "run"
        ? one("npx", "pipx run fetches and runs a package at the time of the build.")
        : [];
    case "uv":
      return first === "pip" ? pipUrls(args.slice(1)) : [];
    default:
      return /^pip[\d.]*$/.test(name) ? pipUrls(args) : [];
  }
}

function nodePackages(
  name: string,
  first: string,
  second: string | undefined,
  plain: readonly string[],
  one: (kind: string, reason: string) => UnpinnedCall[],
): UnpinnedCall[] {
  if (["exec", "x", "dlx"].includes(first) && second !== undefined) {
    return one(
      "npx",
      `${name} ${first} fetches and runs a package at the time of the build; it reads no lock.`,
    );
  }
  const global =
    plain.some((text) => ["-g", "--global", "--location=global"].includes(text)) ||
    (plain.includes("--location") && plain.includes("global")) ||
    (name === "yarn" && first === "global");
  return global && plain.some((text) => ["install", "i", "add", "in", "update", "up"].includes(text))
    ? one(
        "npm-global",
        `${name} reads no lock for global packages and takes what the registry has at the time.`,
      )
    : [];
}

const PIP_OPTIONS_WITH_URL = /^(?:-i|--index-url|--extra-index-url|-f|--find-links|--proxy|--trusted-host)$/;

function pipUrls(args: readonly ShellWord[]): UnpinnedCall[] {
  if (!args.some(({ text }) => text === "install")) return [];
  return args.flatMap((word, index): UnpinnedCall[] => {
    const value = word.text.replace(/^(?:--requirement=|--editable=|-r|-e)/, "");
    if (!SOURCE_URL.test(value) || PIP_OPTIONS_WITH_URL.test(args[index - 1]?.text ?? "")) return [];
    const reason = "pip installs from a URL or a repository here; a version constraint does not cover that.";
    return [{ kind: "pip-url", reason, word }];
  });
}
