import { type ShellCall } from "../shell-calls";
import { baseName } from "../shell-wrappers";
import { isTool } from "./tools";
import { before } from "../../../base/words/cut";

export const PYTHON = /^(?:python|pypy)[\d.]*$/;
const SHELLS = /^(?:ba|da|a|z|k)?sh$/;
/** Programs that run what follows after a word of their own: `poetry run`, `pnpm exec`. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  poetry: /^run$/,
  pipenv: /^run$/,
  pdm: /^run$/,
  uv: /^run$/,
  hatch: /^run$/,
  pixi: /^run$/,
  rye: /^run$/,
  conda: /^run$/,
  mamba: /^run$/,
  micromamba: /^run$/,
  bundle: /^exec$/,
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|run|dlx)$/,
  bun: /^(?:x|run)$/,
  mise: /^(?:exec|x)$/,
  asdf: /^exec$/,
  rbenv: /^exec$/,
  pyenv: /^exec$/,
  nodenv: /^exec$/,
  volta: /^run$/,
  nvm: /^(?:exec|run)$/,
  rustup: /^run$/,
  opam: /^exec$/,
  stack: /^exec$/,
  scl: /^enable$/,
};
const DIRECT = new Set(["npx", "bunx", "pnpx", "uvx", "yarn", "pnpm", "bun"]);
/** Functions in code given by `-c` or `-e`. They are looked up among the tools. */
const CODE_CALL =
  /\b((?:Pkg|nltk|whisper|torch\.hub|spacy\.cli|stanza|gdown|tiktoken|easyocr)\.\w+|renv::restore|\w+)\s*\(|\bpkg"(\w+)/g;
const MAXIMUM_CODE = 100_000;
const MAXIMUM_DEPTH = 8;

/** A call, and what it runs in turn: `python -m pip` is pip, `poetry run spacy` is spacy, `php composer.phar` is composer. */
export function callsWithin(call: ShellCall, depth = 0): ShellCall[] {
  const through = throughInterpreter(call);
  return [through, ...(depth < MAXIMUM_DEPTH ? ranBy(through, depth) : []), ...codeCalls(through)];
}

function from(call: ShellCall, index: number, name: string): ShellCall {
  return { ...call, name, args: call.args.slice(index + 1) };
}

function throughInterpreter(call: ShellCall): ShellCall {
  const { name, args } = call;
  if (PYTHON.test(name)) {
    const options = args.findIndex(({ text }) => !/^-[a-zA-Z]*$/.test(text) || /^-[a-zA-Z]*[mc]$/.test(text));
    const module = args[options + 1]?.text;
    if (/^-[a-zA-Z]*m$/.test(args[options]?.text ?? "") && module !== undefined)
      return from(call, options + 1, module);
  }
  const first = args[0]?.text ?? "";
  if (name === "php" && /(?:^|\/)composer(?:\.phar)?$/.test(first)) return from(call, 0, "composer");
  if (name === "corepack" && /^(?:pnpm|yarn|npm)$/.test(first)) return from(call, 0, first);
  if (name === "perl" && /^-MCPAN/.test(first)) return from(call, 0, "cpan");
  const script = SHELLS.test(name) ? args.findIndex(({ text }) => !/^[-+]|^pipefail$/.test(text)) : -1;
  const run = baseName(args[script]?.text ?? "");
  if (isTool(run) && !args.some(({ text }) => /^-[a-z]*c$/.test(text))) return from(call, script, run);
  return name === "composer.phar" ? { ...call, name: "composer" } : call;
}

/** The program that a runner (`pnpm exec`) or `find -exec` starts. Empty if there is none. */
function ranBy(call: ShellCall, depth: number): ShellCall[] {
  const { name, args } = call;
  if (name === "find") {
    const at = args.findIndex(({ text }) => /^-(?:exec|ok)(?:dir)?$/.test(text));
    return at === -1 ? [] : inner(call, at, depth);
  }
  const runs = RUNNERS[Object.hasOwn(RUNNERS, name) ? name : ""];
  const at = args.findIndex(({ text }) => !text.startsWith("-"));
  if (at !== -1 && runs?.test(args[at]?.text ?? "") === true) return inner(call, at, depth);
  return DIRECT.has(name) ? inner(call, -1, depth) : [];
}

/** The first word after `at` that is a tool, with what follows. The words before it are options and their values. */
function inner(call: ShellCall, at: number, depth: number): ShellCall[] {
  const { args } = call;
  for (let index = at + 1; index < args.length; index++) {
    const { text } = args[index] ?? { text: "" };
    const name = baseName(text.startsWith("@") ? "" : text) || text;
    const bare = name.slice(0, 1) + before(name.slice(1), "@");
    if (isTool(bare) || PYTHON.test(name) || /^pip[\d.]*$/.test(name))
      return callsWithin(from(call, index, bare), depth + 1);
    const option = text.startsWith("-") || args[index - 1]?.text.startsWith("-") === true;
    if (!option && call.name !== "scl") return [];
  }
  return [];
}

/** The functions that code on the command line calls, or that of a here-document, as calls of tools. */
function codeCalls(call: ShellCall): ShellCall[] {
  const { name, args, redirects } = call;
  if (!PYTHON.test(name) && !/^(?:julia|R|Rscript|r)$/.test(name)) return [];
  const option = args.findIndex(({ text }) => /^(?:-[a-zA-Z]*[ceE]|--eval|--print)$/.test(text));
  const joined = args.find(({ text }) => /^--eval=/.test(text))?.text;
  const code =
    option === -1
      ? (joined ?? redirects.map(({ body }) => body?.text ?? "").join("\n"))
      : (args[option + 1]?.text ?? "");
  const names = new Set<string>();
  for (const [, called, pkg] of code.slice(0, MAXIMUM_CODE).matchAll(CODE_CALL)) {
    names.add(called ?? `Pkg.${pkg ?? ""}`);
  }
  return [...names].filter(isTool).map((found) => ({ ...call, name: found, args: [] }));
}
