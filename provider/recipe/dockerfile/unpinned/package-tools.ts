import { type ToolKind } from "./tool-row";

const ON = /^(?:1|true|yes|on)$/i;

/** Package managers of languages that install by a lock file of their own, or by versions in the command. */
export const PACKAGE_TOOLS = {
  poetry: {
    fetches: "Python packages",
    rows: [
      { tools: "poetry", commands: "install, sync", locks: "poetry.lock" },
      { tools: "poetry", commands: "add, update, lock, self add, self update, self install, self sync" },
    ],
  },
  pdm: {
    fetches: "Python packages",
    rows: [
      { tools: "pdm", commands: "install", locks: "pdm.lock", demands: "--frozen-lockfile --check" },
      { tools: "pdm", commands: "add, update, lock, self add, self update" },
    ],
  },
  pipenv: {
    fetches: "Python packages",
    rows: [
      {
        tools: "pipenv",
        commands: "install",
        locks: "Pipfile.lock",
        demands: "--deploy --ignore-pipfile",
        undoes: "--skip-lock",
      },
      { tools: "pipenv", commands: "update, upgrade, lock" },
    ],
  },
  pixi: {
    fetches: "conda and Python packages",
    rows: [
      {
        tools: "pixi",
        commands: "global install, global update, add, update, upgrade, lock, exec, self-update",
      },
      {
        tools: "pixi",
        commands: "install, run, shell, shell-hook",
        locks: "pixi.lock",
        demands: "--locked --frozen",
        variables: { PIXI_LOCKED: ON, PIXI_FROZEN: ON },
      },
    ],
  },
  rye: {
    fetches: "Python packages and toolchains",
    rows: [
      {
        tools: "rye",
        commands: "sync, run",
        locks: "requirements.lock requirements-dev.lock",
        demands: "--no-lock",
      },
      { tools: "rye", commands: "add, lock, install, tools install, fetch, self update" },
    ],
  },
  bundler: {
    fetches: "gems",
    rows: [
      {
        tools: "bundle bundler",
        commands: "install, i, package, cache, (alone)",
        locks: "Gemfile.lock gems.locked",
        demands: "--frozen --deployment",
        offline: "--local",
        variables: { BUNDLE_FROZEN: ON, BUNDLE_DEPLOYMENT: ON },
      },
      { tools: "bundle bundler", commands: "add, update, lock, plugin install" },
    ],
  },
  composer: {
    fetches: "PHP packages",
    rows: [
      { tools: "composer", commands: "install, i", locks: "composer.lock" },
      {
        tools: "composer",
        commands:
          "create-project, require, r, update, u, upgrade, self-update, selfupdate, global require, global update, global install",
      },
      { tools: "phive", commands: "install, update", exact: "each" },
    ],
  },
  pecl: {
    fetches: "PHP extensions",
    rows: [
      { tools: "pecl pear", commands: "install, upgrade, download", exact: "each" },
      { tools: "pecl pear", commands: "upgrade-all, update-channels, channel-update" },
      { tools: "pie", commands: "install, download", exact: "each" },
      { tools: "install-php-extensions", commands: "(any)", exact: "each" },
    ],
  },
  cpan: {
    fetches: "Perl modules",
    rows: [
      { tools: "cpan", commands: "(any)", offline: "-v -l -O" },
      {
        tools: "cpanm cpanminus",
        commands: "(any)",
        exact: "each",
        values: "-l -L -M --mirror --from",
        offline: "-V --info",
      },
      { tools: "cpm", commands: "install", locks: "cpanfile.snapshot", exact: "each" },
      {
        tools: "carton carmel",
        commands: "install, (alone)",
        locks: "cpanfile.snapshot",
        demands: "--deployment",
        offline: "--cached",
      },
      { tools: "carton carmel", commands: "update" },
    ],
  },
  luarocks: {
    fetches: "Lua rocks",
    rows: [
      {
        tools: "luarocks",
        commands: "install, build, make, download, unpack",
        locks: "luarocks.lock",
        exact: "some",
      },
    ],
  },
  hex: {
    fetches: "Erlang and Elixir packages",
    rows: [
      { tools: "mix", commands: "deps.get", locks: "mix.lock", demands: "--check-locked" },
      { tools: "mix", commands: "deps.update, deps.unlock" },
      { tools: "mix", commands: "local.hex, local.rebar, archive.install, escript.install", exact: "some" },
      {
        tools: "rebar3",
        commands: "get-deps, compile, release, tar, escriptize, eunit, ct, shell, dialyzer, tree",
        locks: "rebar.lock",
      },
      { tools: "rebar3", commands: "upgrade, update, unlock, local upgrade" },
      {
        tools: "gleam",
        commands: "build, run, test, deps download, export, compile-package",
        locks: "manifest.toml",
      },
      { tools: "gleam", commands: "add, update, deps update" },
    ],
  },
  opam: {
    fetches: "OCaml packages",
    rows: [
      {
        tools: "opam",
        commands: "install, reinstall, depext",
        locks: "*.opam.locked",
        demands: "--locked",
        both: true,
        exact: "each",
      },
      { tools: "opam", commands: "init, update, upgrade, switch create, pin, repository add, repo add" },
      { tools: "esy", commands: "install, build, (alone)", locks: "esy.lock/index.json" },
    ],
  },
  deno: {
    fetches: "modules",
    rows: [
      {
        tools: "deno",
        commands: "run, cache, install, i, test, compile, bundle, check, serve, bench, doc",
        locks: "deno.lock",
        demands: "--frozen --frozen-lockfile",
        both: true,
        offline: "--cached-only --no-remote",
      },
      { tools: "deno", commands: "add, update, upgrade, outdated, x" },
    ],
  },
  julia: {
    fetches: "Julia packages",
    rows: [
      { tools: "Pkg.instantiate", commands: "(alone)", locks: "Manifest.toml" },
      { tools: "Pkg.add Pkg.update Pkg.develop Pkg.resolve Pkg.build", commands: "(alone)" },
    ],
  },
  renv: {
    fetches: "R packages",
    rows: [{ tools: "renv::restore", commands: "(alone)", locks: "renv.lock" }],
  },
  "language-packages": {
    fetches: "packages",
    rows: [
      {
        tools: "shards",
        commands: "install, build, (alone)",
        locks: "shard.lock",
        demands: "--frozen --production",
        offline: "--local",
      },
      { tools: "shards", commands: "update, lock" },
      {
        tools: "nimble",
        commands: "install, build, sync, setup, develop",
        locks: "nimble.lock",
        exact: "each",
        offline: "--offline",
      },
      { tools: "dub", commands: "build, run, test, fetch, upgrade, (alone)", locks: "dub.selections.json" },
      {
        tools: "spago",
        commands: "build, install, test, run, bundle",
        locks: "spago.lock",
        demands: "--pure",
      },
      { tools: "raco", commands: "pkg install, pkg update" },
      { tools: "haxelib", commands: "install, update, git", exact: "some" },
      { tools: "bower", commands: "install, i, update", exact: "each" },
      {
        tools: "arduino-cli",
        commands: "core install, lib install, core upgrade, lib upgrade",
        exact: "each",
      },
      {
        tools: "pio platformio",
        commands: "run, pkg install, pkg update, lib install, platform install",
        exact: "each",
      },
      { tools: "pod", commands: "install", locks: "Podfile.lock", demands: "--deployment" },
      { tools: "pod", commands: "update, repo update" },
      { tools: "carthage", commands: "bootstrap", locks: "Cartfile.resolved" },
      { tools: "carthage", commands: "update" },
    ],
  },
  "apk-add": {
    fetches: "packages, which are compared, but not pinned",
    rows: [{ tools: "apk", commands: "add, upgrade, fix", offline: "--no-network" }],
  },
  "conda-install": {
    fetches: "packages, which are compared, but not pinned",
    rows: [
      {
        tools: "conda mamba micromamba",
        commands: "install, create, update, upgrade, env create, env update, self-update",
        offline: "--offline --dry-run",
      },
      { tools: "conda-lock", commands: "lock, (alone)" },
    ],
  },
} satisfies Record<string, ToolKind>;
