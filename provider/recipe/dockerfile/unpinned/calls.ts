import { type ShellCall } from "../shell-calls";
import { aptInstalls, debFiles } from "./apt";
import { downloads } from "./downloads";
import { bypasses } from "./environment";
import { gitFetches } from "./git";
import { callsWithin, PYTHON } from "./inner-calls";
import { cargo, gem, go, r } from "./languages";
import { nodePackages, npx } from "./node";
import { type Rule, type RunFacts, type UnpinnedCall } from "./rule";
import { pip, pipx, setupPy, uv } from "./python";
import { pacman, rpm } from "./system-packages";
import { toolFindings } from "./tools";
import { inlineDownloads, transfers } from "./transfers";

const RULES: Readonly<Record<string, Rule>> = {
  pacman,
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
};
const PIP = /^pip[\d.]*$/;
const EASY_INSTALL = /^easy_install(?:-[\d.]+)?$/;

/** Everything in one call that no lock can pin, or that bypasses the pins. */
export function unpinnedCall(call: ShellCall, facts: RunFacts): UnpinnedCall[] {
  return callsWithin(call).flatMap((one, index) => [
    ...(index === 0 ? bypasses(one) : []),
    ...(ruleOf(one)?.(one, facts) ?? []),
    ...toolFindings(one, facts),
  ]);
}

function ruleOf({ name }: ShellCall): Rule | null {
  if (Object.hasOwn(RULES, name)) return RULES[name] as Rule;
  if (PIP.test(name)) return pip;
  if (EASY_INSTALL.test(name)) return setupPy;
  if (PYTHON.test(name)) return (call, facts) => [...inlineDownloads(call, facts), ...setupPy(call, facts)];
  return /^(?:php|ruby|perl|node|nodejs|deno|pwsh|powershell)$/.test(name) ? inlineDownloads : transfers;
}
