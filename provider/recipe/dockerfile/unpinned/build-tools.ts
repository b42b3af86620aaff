import { type ToolKind } from "./tool-row";

const ON = /^(?:1|true|yes|on)$/i;

/** Tools that fetch what a project names while they build it. */
export const BUILD_TOOLS = {
  "cargo-build": {
    fetches: "crates",
    rows: [
      {
        tools: "cargo cross",
        commands:
          "build, b, check, c, test, t, run, r, bench, doc, d, rustc, rustdoc, clippy, fix, fetch, vendor, package, publish, tree, metadata, nextest, llvm-cov, tarpaulin, zigbuild, xwin, deb, generate-rpm, ndk, leptos, auditable",
        locks: "Cargo.lock",
        demands: "--locked --frozen",
        offline: "--offline",
        variables: { CARGO_NET_OFFLINE: ON },
      },
      {
        tools: "cargo cross",
        commands: "update, upgrade, add, generate-lockfile",
        offline: "--offline --frozen",
      },
      {
        tools: "wasm-pack trunk maturin",
        commands: "build, test, develop, publish",
        locks: "Cargo.lock",
        demands: "--locked --frozen",
        offline: "--offline",
        variables: { CARGO_NET_OFFLINE: ON },
      },
    ],
  },
  maven: {
    fetches: "dependencies and plugins",
    rows: [{ tools: "mvn mvnw mvnd", commands: "(any)", offline: "-o --offline -v" }],
  },
  gradle: {
    fetches: "dependencies and plugins",
    rows: [
      {
        tools: "gradle gradlew",
        commands: "(any), (alone)",
        locks: "gradle.lockfile gradle/verification-metadata.xml",
        below: true,
        undoes: "--write-locks --update-locks --refresh-dependencies",
        offline: "--offline -v --status --stop",
      },
    ],
  },
  scala: {
    fetches: "dependencies and plugins",
    rows: [
      { tools: "sbt", commands: "(any), (alone)", locks: "build.sbt.lock", offline: "-Dsbt.offline=true" },
      { tools: "mill scala-cli", commands: "(any)", offline: "--offline" },
      { tools: "cs coursier", commands: "install, fetch, launch, bootstrap, java, setup", exact: "each" },
    ],
  },
  clojure: {
    fetches: "dependencies",
    rows: [
      { tools: "lein boot", commands: "(any)", offline: "-o -v" },
      { tools: "clojure clj", commands: "(any), (alone)", offline: "-Sdescribe" },
    ],
  },
  dotnet: {
    fetches: "NuGet packages",
    rows: [
      {
        tools: "dotnet",
        commands: "restore",
        locks: "packages.lock.json",
        below: true,
        demands: "--locked-mode -p:RestoreLockedMode=true /p:RestoreLockedMode=true",
        both: true,
        undoes: "--force-evaluate",
        variables: { RestoreLockedMode: ON },
      },
      {
        tools: "dotnet",
        commands: "build, publish, test, run, pack, watch, msbuild",
        locks: "packages.lock.json",
        below: true,
        offline: "--no-restore --no-build",
      },
      {
        tools: "dotnet",
        commands:
          "tool install, tool update, add package, package add, new install, workload install, workload restore, workload update",
        exact: "--version -v",
      },
      { tools: "dotnet", commands: "add", exact: "--version -v" },
      {
        tools: "nuget",
        commands: "install, restore, update",
        locks: "packages.lock.json",
        below: true,
        exact: "-Version",
      },
      { tools: "paket", commands: "install, restore", locks: "paket.lock" },
      { tools: "paket", commands: "update, add" },
    ],
  },
  "go-build": {
    fetches: "modules",
    rows: [
      { tools: "go", commands: "mod tidy, mod get", offline: "-mod=vendor" },
      {
        tools: "go",
        commands:
          "build, install, test, run, generate, vet, list, tool, mod download, mod vendor, mod verify, work vendor",
        locks: "go.sum vendor/modules.txt",
        offline: "-mod=vendor",
        variables: { GOFLAGS: /(?:^|\s)-mod=vendor(?:\s|$)/, GOPROXY: /^off$/ },
        manifest: "go.mod",
      },
    ],
  },
  swift: {
    fetches: "packages",
    rows: [
      { tools: "swift", commands: "package update, package add-dependency" },
      {
        tools: "swift",
        commands: "build, test, run, package resolve",
        locks: "Package.resolved",
        demands:
          "--force-resolved-versions --only-use-versions-from-resolved-file --disable-automatic-resolution",
        offline: "--skip-update",
      },
    ],
  },
  dart: {
    fetches: "packages",
    rows: [
      { tools: "dart flutter", commands: "pub global, pub upgrade, pub add", exact: "some" },
      {
        tools: "dart flutter",
        commands: "pub get, pub downgrade, build, run, test, compile",
        locks: "pubspec.lock",
        demands: "--enforce-lockfile",
        offline: "--offline --no-pub",
      },
      {
        tools: "pub",
        commands: "get",
        locks: "pubspec.lock",
        demands: "--enforce-lockfile",
        offline: "--offline",
      },
      { tools: "pub", commands: "upgrade, add, global", exact: "some" },
      { tools: "flutter", commands: "upgrade, channel, precache" },
    ],
  },
  haskell: {
    fetches: "packages",
    rows: [
      {
        tools: "stack",
        commands: "build, install, test, bench, haddock, ghc, ghci, runghc, exec, setup",
        locks: "stack.yaml.lock",
        demands: "--lock-file=error-on-write --lock-file=read-only",
      },
      { tools: "stack", commands: "update, upgrade, new" },
      {
        tools: "cabal",
        commands:
          "build, v2-build, new-build, install, v2-install, new-install, test, run, bench, haddock, configure, fetch, update, v2-update",
        locks: "cabal.project.freeze",
        offline: "--offline",
      },
      { tools: "cabal", commands: "get, unpack", exact: "each" },
    ],
  },
  bazel: {
    fetches: "modules and archives",
    rows: [
      {
        tools: "bazel bazelisk",
        commands: "build, test, run, fetch, query, cquery, aquery, coverage, sync, vendor",
        locks: "MODULE.bazel.lock",
        demands: "--lockfile_mode=error",
        offline: "--nofetch",
      },
      { tools: "bazel bazelisk", commands: "mod" },
    ],
  },
  "cpp-packages": {
    fetches: "C and C++ packages",
    rows: [
      {
        tools: "conan",
        commands: "install, create, build, lock create",
        locks: "conan.lock",
        offline: "--no-remote -nr",
      },
      { tools: "conan", commands: "download", exact: "each" },
      { tools: "conan", commands: "config install" },
      {
        tools: "vcpkg",
        commands: "install",
        locks: "vcpkg.json vcpkg-configuration.json",
        offline: "--no-downloads",
      },
      { tools: "vcpkg", commands: "upgrade, update, x-update-baseline" },
      { tools: "meson", commands: "subprojects download, subprojects update, wrap install, wrap update" },
      { tools: "xmake", commands: "require", locks: "xmake-requires.lock" },
      { tools: "west", commands: "update" },
    ],
  },
} satisfies Record<string, ToolKind>;
