import { type ToolKind } from "./tool-row";

/** Tools that fetch toolchains, models, plugins and whole images. */
export const OTHER_TOOLS = {
  toolchain: {
    fetches: "a version of a language or tool",
    rows: [
      {
        tools: "rustup",
        commands: "toolchain install, toolchain add, install, default, override set",
        exact: "each",
        values: "--profile -c --component -t --target",
      },
      { tools: "rustup", commands: "update, upgrade, self update" },
      { tools: "rustup-init", commands: "(any), (alone)", exact: "--default-toolchain" },
      { tools: "nvm fnm", commands: "install, i", exact: "each", values: "--reinstall-packages-from" },
      { tools: "nvm", commands: "install-latest-npm" },
      { tools: "n", commands: "install, i, lts, latest, stable, current, (any)", exact: "each" },
      { tools: "volta", commands: "install, fetch, pin", exact: "each" },
      { tools: "asdf", commands: "install", locks: ".tool-versions", exact: "some" },
      { tools: "asdf", commands: "plugin add, plugin-add, plugin update, update" },
      {
        tools: "mise rtx",
        commands: "install, i, use, u, upgrade, exec, x",
        locks: "mise.lock .tool-versions",
        exact: "each",
      },
      {
        tools: "pyenv rbenv nodenv goenv jenv phpenv tfenv tofuenv tgenv swiftenv plenv",
        commands: "install",
        exact: "each",
      },
      { tools: "pyenv rbenv nodenv goenv phpenv plenv", commands: "update" },
      { tools: "sdk", commands: "install, i", exact: "some" },
      { tools: "sdk", commands: "selfupdate, upgrade, update" },
      { tools: "ghcup", commands: "install, upgrade", exact: "some" },
      { tools: "juliaup", commands: "add, update", exact: "each" },
      { tools: "elan", commands: "toolchain install, default, update", exact: "each" },
      { tools: "swiftly", commands: "install, update", exact: "each" },
      { tools: "choosenim", commands: "update, stable, devel, (any)", exact: "each" },
      { tools: "perlbrew", commands: "install, install-cpanm", exact: "each" },
      { tools: "rvm", commands: "install, get", exact: "each" },
      { tools: "ruby-build python-build node-build", commands: "(any)", exact: "some" },
      { tools: "ruby-install", commands: "(any)", exact: "some" },
    ],
  },
  browser: {
    fetches: "browsers",
    rows: [
      { tools: "playwright patchright playwright-core", commands: "install, install-deps" },
      { tools: "puppeteer", commands: "browsers install", exact: "each" },
      { tools: "@puppeteer/browsers", commands: "install", exact: "each" },
      { tools: "cypress", commands: "install" },
      { tools: "camoufox", commands: "fetch" },
      { tools: "selenium-manager webdriver-manager", commands: "(any), (alone)" },
    ],
  },
  model: {
    fetches: "models or data",
    rows: [
      { tools: "spacy", commands: "download", exact: "each" },
      { tools: "nltk.downloader", commands: "(any), (alone)" },
      { tools: "huggingface-cli hf", commands: "download, repo clone", exact: "--revision" },
      { tools: "ollama", commands: "pull, run, create" },
      { tools: "modelscope", commands: "download, clone" },
      {
        tools: "kaggle",
        commands: "datasets download, competitions download, models instances",
        exact: "each",
      },
      { tools: "whisper whisperx", commands: "(any)" },
      { tools: "stanza.download", commands: "(any), (alone)" },
      { tools: "argospm", commands: "install, update" },
      {
        tools:
          "nltk.download spacy.cli.download snapshot_download hf_hub_download from_pretrained whisper.load_model SentenceTransformer torch.hub.load load_dataset gdown.download tiktoken.get_encoding WhisperModel easyocr.Reader",
        commands: "(alone)",
      },
    ],
  },
  "ansible-galaxy": {
    fetches: "roles and collections",
    rows: [
      {
        tools: "ansible-galaxy",
        commands: "install, collection install, collection download, role install",
        exact: "each",
        values: "-p -r -s -c --roles-path --collections-path --server --role-file --requirements-file",
        offline: "--offline",
      },
    ],
  },
  terraform: {
    fetches: "providers and modules",
    rows: [
      {
        tools: "terraform tofu terragrunt",
        commands: "init, run-all init",
        locks: ".terraform.lock.hcl",
        demands: "-lockfile=readonly",
        undoes: "-upgrade",
        offline: "-plugin-dir",
      },
      { tools: "terraform tofu terragrunt", commands: "get, providers lock, providers mirror" },
      { tools: "packer", commands: "init" },
      { tools: "packer", commands: "plugins install", exact: "some" },
      { tools: "pulumi", commands: "plugin install", exact: "some" },
      { tools: "pulumi", commands: "install, package add" },
    ],
  },
  helm: {
    fetches: "charts and their index",
    rows: [
      { tools: "helm", commands: "dependency build, dep build", locks: "Chart.lock requirements.lock" },
      { tools: "helm", commands: "pull, fetch, plugin install", exact: "--version" },
      {
        tools: "helm",
        commands:
          "dependency update, dep update, dependency up, dep up, repo add, repo update, plugin update",
      },
      { tools: "helmfile", commands: "deps, fetch, repos, init" },
    ],
  },
  plugin: {
    fetches: "plugins",
    rows: [
      { tools: "kubectl", commands: "krew install, krew update, krew upgrade" },
      { tools: "kubectl-krew krew", commands: "install, update, upgrade" },
      { tools: "jenkins-plugin-cli install-plugins.sh", commands: "(any)", exact: "each" },
      {
        tools: "grafana-cli",
        commands: "plugins install, plugins update, plugins update-all",
        exact: "some",
      },
      {
        tools: "logstash-plugin elasticsearch-plugin opensearch-plugin kibana-plugin",
        commands: "install, update",
        exact: "some",
      },
      { tools: "vagrant", commands: "plugin install, box add", exact: "--plugin-version --box-version" },
      { tools: "gh", commands: "extension install, ext install", exact: "--pin" },
      { tools: "jupyter", commands: "labextension install, nbextension install", exact: "each" },
      { tools: "wp", commands: "core download, plugin install, theme install", exact: "--version" },
      { tools: "az", commands: "extension add", exact: "--version" },
      { tools: "gcloud", commands: "components install, components update" },
    ],
  },
  "image-pull": {
    fetches: "a container image",
    rows: [
      { tools: "docker podman nerdctl buildah", commands: "pull, image pull, run, from", exact: "digest" },
      { tools: "skopeo", commands: "copy, sync", exact: "digest" },
      { tools: "crane", commands: "pull, export, copy, cp", exact: "digest" },
      { tools: "oras", commands: "pull, copy, cp", exact: "digest" },
      { tools: "ctr", commands: "image pull, images pull", exact: "digest" },
      { tools: "apptainer singularity", commands: "pull, build", exact: "digest" },
    ],
  },
  nix: {
    fetches: "derivations",
    rows: [
      {
        tools: "nix",
        commands: "build, develop, run, shell, flake check, print-dev-env, eval",
        locks: "flake.lock",
        exact: "each",
        undoes: "--recreate-lock-file --update-input --impure",
      },
      { tools: "nix", commands: "profile install, profile upgrade, profile add", exact: "each" },
      { tools: "nix", commands: "flake update, flake lock, upgrade-nix, channel" },
      { tools: "nix-channel", commands: "(any), (alone)", offline: "--list --remove --rollback" },
      {
        tools: "nix-build nix-shell nix-instantiate",
        commands: "(any), (alone)",
        locks: "npins/sources.json nix/sources.json flake.lock",
      },
      { tools: "devbox", commands: "install, run, shell", locks: "devbox.lock" },
      { tools: "devbox", commands: "add, update, global add" },
    ],
  },
  "other-packages": {
    fetches: "packages, which are neither pinned nor captured",
    rows: [
      { tools: "guix", commands: "install, pull, build, shell, package, upgrade, environment, pack" },
      { tools: "brew", commands: "install, upgrade, update, bundle, reinstall, tap" },
      { tools: "snap", commands: "install, refresh, download" },
      { tools: "flatpak", commands: "install, update, remote-add" },
      { tools: "opkg", commands: "install, upgrade, update" },
      { tools: "emerge", commands: "(any)", offline: "--unmerge -C --depclean -c --info" },
      { tools: "xbps-install", commands: "(any), (alone)" },
      { tools: "swupd", commands: "bundle-add, update" },
      { tools: "pkg pkgin", commands: "install, upgrade, update" },
      { tools: "eopkg", commands: "install, upgrade" },
      { tools: "urpmi", commands: "(any)" },
      { tools: "choco winget scoop", commands: "install, upgrade" },
      { tools: "port", commands: "install, selfupdate, sync" },
    ],
  },
} satisfies Record<string, ToolKind>;
