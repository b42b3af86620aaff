/** How files show that something was installed which nobody captures. */
interface Sign {
  /** What it is, as a line of the lock calls it. */
  what: string;
  /** Names of files that its tool writes. */
  named?: readonly string[];
  /** Ends of names of files, from their last or last but one dot: `.jar`, `.deps.json`. */
  ending?: readonly string[];
  /** Only files whose directory contains this, with the slashes around it, count for `named` and `ending`. */
  within?: string;
  /** How many directories further up the place is that the line names, for `named` and `ending`. */
  up?: number;
  /** Directories in which its tool puts things, from a slash on: `/.m2/repository`. Any file in them counts. */
  below?: readonly string[];
  /** It also counts where only a distribution's packages stand, as in `/usr/lib`. */
  inSystem?: true;
}

/**
 * Everything that is known and not captured. The documentation's list is made from it. Names of files are those of the
 * tools' own records of what they installed, not of manifests, because packages of other ecosystems contain manifests too.
 */
export const OUTSIDE_ECOSYSTEMS: readonly Sign[] = [
  {
    what: "Ansible collections and roles",
    named: ["MANIFEST.json"],
    within: "/ansible_collections/",
    below: ["/.ansible/roles"],
  },
  { what: "asdf and mise tools", below: ["/.asdf/installs", "/mise/installs"] },
  { what: "Bazel's downloads", below: ["/.cache/bazel", "/.cache/bazelisk"] },
  { what: "Bower components", named: [".bower.json"], up: 1 },
  { what: "Bun's cache", below: ["/.bun/install"] },
  { what: "Cabal packages of Haskell", below: ["/.cabal/store", "/.cabal/packages", "/cabal/store"] },
  {
    what: "Cargo crates of Rust",
    named: [".crates.toml", ".crates2.json"],
    ending: [".crate"],
    below: ["/cargo/registry", "/.cargo/registry", "/cargo/git", "/.cargo/git"],
  },
  { what: "Clojure libraries from git", below: ["/.gitlibs/libs"] },
  {
    what: "Composer packages of PHP",
    named: ["installed.json", "installed.php"],
    within: "/composer/",
  },
  { what: "Conan packages", below: ["/.conan/data", "/.conan2/p"] },
  { what: "CPAN distributions of Perl", named: [".packlist", "perllocal.pod"] },
  { what: "CPAN distributions of Perl", named: ["install.json"], within: "/.meta/", up: 2 },
  { what: "Crystal shards", named: [".shards.info"] },
  {
    what: "Dart and Flutter packages",
    below: ["/.pub-cache"],
    named: ["package_config.json"],
    within: "/.dart_tool/",
  },
  { what: "Deno's cache", below: ["/.cache/deno", "/deno-dir"] },
  { what: "dub packages of D", below: ["/.dub/packages"] },
  { what: "Elm packages", below: ["/.elm"] },
  { what: "Flatpak applications", below: ["/var/lib/flatpak/app", "/.local/share/flatpak/app"] },
  { what: "gems that Bundler took from git", below: ["/bundler/gems"] },
  { what: "GHCup tools of Haskell", below: ["/.ghcup"] },
  { what: "Go module downloads", below: ["/pkg/mod"] },
  { what: "Go modules copied into a project", named: ["modules.txt"], within: "/vendor/" },
  { what: "Gradle's cache", below: ["/caches/modules-2", "/.gradle/caches", "/.gradle/wrapper/dists"] },
  { what: "Guix store", below: ["/gnu/store"] },
  { what: "Helm plugins and kubectl plugins", below: ["/share/helm/plugins", "/.krew/store"] },
  {
    what: "Hex packages of Erlang and Elixir",
    named: [".hex", "hex_metadata.config"],
    up: 1,
    below: ["/.hex/packages"],
  },
  { what: "Homebrew packages", named: ["INSTALL_RECEIPT.json"], up: 2 },
  {
    what: "Hugging Face models and data",
    below: ["/.cache/huggingface", "/huggingface/hub"],
  },
  { what: "Java archives", ending: [".jar", ".war", ".ear"] },
  { what: "Jenkins plugins", ending: [".jpi", ".hpi"], inSystem: true },
  { what: "Julia packages", below: ["/.julia"] },
  {
    what: "LuaRocks packages of Lua",
    named: ["rock_manifest"],
    ending: [".rockspec"],
    within: "/rocks",
    up: 2,
  },
  {
    what: "Maven artifacts",
    named: ["_remote.repositories"],
    ending: [".pom"],
    below: ["/.m2/repository"],
  },
  { what: "Mix archives of Elixir", below: ["/.mix/archives", "/.mix/elixir"] },
  {
    what: "models of Keras, PyTorch, Ollama, Whisper",
    below: ["/.keras", "/.cache/torch", "/.ollama", "/.cache/whisper"],
  },
  { what: "Nim packages", below: ["/.nimble/pkgs", "/.nimble/pkgs2"] },
  { what: "Nix store", below: ["/nix/store"] },
  { what: "NLTK data", below: ["/nltk_data"] },
  {
    what: "NuGet packages of .NET",
    ending: [".nupkg", ".nuspec", ".deps.json"],
    below: ["/.nuget/packages"],
  },
  { what: "nvm versions of Node.js", below: ["/.nvm/versions", "/nvm/versions"] },
  { what: "opam packages of OCaml", named: ["switch-state"], below: ["/.opam"] },
  { what: "opkg packages of OpenWrt", below: ["/usr/lib/opkg/info", "/var/lib/opkg/info"], inSystem: true },
  { what: "pacman packages of Arch Linux", below: ["/var/lib/pacman/local"] },
  { what: "PEAR and PECL packages of PHP", ending: [".reg"], within: "/.registry/" },
  {
    what: "Playwright, Puppeteer and Cypress browsers",
    below: ["/ms-playwright", "/.cache/puppeteer", "/.cache/Cypress"],
  },
  { what: "Portage packages of Gentoo", below: ["/var/db/pkg"] },
  { what: "PowerShell modules", named: ["PSGetModuleInfo.xml"], up: 2 },
  { what: "Pulumi plugins", below: ["/.pulumi/plugins"] },
  { what: "pyenv versions of Python", below: ["/.pyenv/versions", "/pyenv/versions"] },
  { what: "R packages", named: ["package.rds"], within: "/Meta/", up: 2 },
  {
    what: "rbenv and rvm versions of Ruby",
    below: ["/.rbenv/versions", "/.rvm/rubies", "/usr/local/rvm/rubies"],
  },
  { what: "rustup toolchains of Rust", below: ["/rustup/toolchains", "/.rustup/toolchains"] },
  {
    what: "sbt, Ivy and Coursier caches of Scala",
    below: ["/.ivy2/cache", "/.cache/coursier", "/.sbt/boot"],
  },
  { what: "SDKMAN candidates", below: ["/sdkman/candidates", "/.sdkman/candidates"] },
  { what: "Slackware packages", below: ["/var/lib/pkgtools/packages", "/var/log/packages"] },
  { what: "snaps", below: ["/var/lib/snapd/snaps"] },
  { what: "Spack packages", named: ["install_manifest.json"], within: "/.spack/" },
  { what: "Stack packages of Haskell", below: ["/.stack/snapshots", "/.stack/programs", "/.stack/pantry"] },
  { what: "Swift packages", below: ["/.build/checkouts", "/.build/artifacts"] },
  {
    what: "Terraform and OpenTofu providers and modules",
    below: ["/.terraform/providers", "/.terraform/modules", "/.terraform.d"],
  },
  { what: "uv versions of Python", below: ["/uv/python"] },
  { what: "vcpkg packages", below: ["/vcpkg/installed", "/vcpkg_installed"] },
  {
    what: "VS Code extensions",
    named: [".vsixmanifest"],
    below: ["/.vscode/extensions", "/.vscode-server/extensions", "/code-server/extensions"],
  },
  { what: "xbps packages of Void Linux", below: ["/var/db/xbps"] },
  {
    what: "Yarn Plug'n'Play packages",
    named: [".pnp.cjs", ".pnp.js"],
    below: ["/.yarn/cache", "/.yarn/berry/cache"],
  },
];

/** How files show each kind, for people: `.jar`, `/.m2/repository/`. */
export function signsText({ named = [], ending = [], below = [], within }: Sign): string {
  const files = [...named, ...ending.map((end) => `*${end}`)].map((name) => `\`${name}\``);
  const place = within === undefined || files.length === 0 ? "" : ` below \`${within}\``;
  return [`${files.join(", ")}${place}`, ...below.map((path) => `\`${path}/\``)]
    .filter((words) => words !== "")
    .join(", ");
}
