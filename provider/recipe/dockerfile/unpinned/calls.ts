import { type ShellCall } from "../shell-calls";
import { aptInstalls, debFiles } from "./apt";
import { downloads } from "./downloads";
import { bypasses } from "./environment";
import { gitFetches } from "./git";
import { cargo, composer, gem, go, r } from "./languages";
import { nodePackages, npx } from "./node";
import { type Rule, type RunFacts, type UnpinnedCall } from "./rule";
import { bundler, pdm, pip, pipenv, pipx, poetry, setupPy, uv } from "./python";
import { apk, conda, otherSystems, rpm } from "./system-packages";
import { inlineDownloads, transfers } from "./transfers";

const RULES: Readonly<Record<string, Rule>> = {
  curl: downloads,
  wget: downloads,
  wget2: downloads,
  aria2c: downloads,
  axel: downloads,
  git: gitFetches,
  apt: aptInstalls,
  "apt-get": aptInstalls,
  "apt-fast": aptInstalls,
  aptitude: aptInstalls,
  dpkg: debFiles,
  gdebi: debFiles,
  go,
  cargo,
  gem,
  composer,
  bundle: bundler,
  bundler,
  poetry,
  pdm,
  pipenv,
  uv,
  pipx,
  uvx: npx,
  npx,
  bunx: npx,
  pnpx: npx,
  npm: nodePackages,
  pnpm: nodePackages,
  yarn: nodePackages,
  bun: nodePackages,
  corepack: nodePackages,
  conda,
  mamba: conda,
  micromamba: conda,
  apk,
  dnf: rpm,
  dnf5: rpm,
  yum: rpm,
  microdnf: rpm,
  tdnf: rpm,
  zypper: rpm,
  rpm,
  R: r,
  Rscript: r,
  r,
  "install2.r": r,
  "installGithub.r": r,
  "installBioc.r": r,
  pacman: otherSystems,
  "xbps-install": otherSystems,
  emerge: otherSystems,
  "nix-env": otherSystems,
  opkg: otherSystems,
  brew: otherSystems,
  snap: otherSystems,
  flatpak: otherSystems,
};
const PYTHON = /^(?:python|pypy)[\d.]*$/;
const PIP = /^pip[\d.]*$/;
const EASY_INSTALL = /^easy_install(?:-[\d.]+)?$/;

/** Everything in one call that no lock can pin, or that bypasses the pins. */
export function unpinnedCall(call: ShellCall, facts: RunFacts): UnpinnedCall[] {
  const named = throughInterpreter(call);
  const rule = ruleOf(named);
  return [...bypasses(named), ...(rule?.(named, facts) ?? [])];
}

function ruleOf({ name }: ShellCall): Rule | null {
  if (Object.hasOwn(RULES, name)) return RULES[name] as Rule;
  if (PIP.test(name)) return pip;
  if (EASY_INSTALL.test(name)) return setupPy;
  if (PYTHON.test(name)) return (call, facts) => [...inlineDownloads(call, facts), ...setupPy(call, facts)];
  return name === "php" || name === "ruby" || name === "perl" || name === "node"
    ? inlineDownloads
    : transfers;
}

/**
 * Finds the program behind an interpreter: `python -m pip` is pip, `php composer.phar` is composer, `corepack pnpm` is
 * pnpm.
 */
function throughInterpreter(call: ShellCall): ShellCall {
  const { name, args } = call;
  const from = (index: number, inner: string): ShellCall => ({
    ...call,
    name: inner,
    args: args.slice(index + 1),
  });
  if (PYTHON.test(name)) {
    const options = args.findIndex(({ text }) => !/^-[a-zA-Z]*$/.test(text) || /^-[a-zA-Z]*[mc]$/.test(text));
    const module = args[options + 1]?.text;
    if (/^-[a-zA-Z]*m$/.test(args[options]?.text ?? "") && module !== undefined)
      return from(options + 1, module);
  }
  const first = args[0]?.text ?? "";
  if (name === "php" && /(?:^|\/)composer(?:\.phar)?$/.test(first)) return from(0, "composer");
  if (name === "corepack" && /^(?:pnpm|yarn|npm)$/.test(first)) return from(0, first);
  return name === "composer.phar" ? { ...call, name: "composer" } : call;
}
