import assert from "node:assert/strict";
import { OUTSIDE_ECOSYSTEMS } from "../../../../provider/packages/capture/outside/ecosystems";
import { notCapturedLines } from "../../../../provider/packages/capture/outside/not-captured";
import { table } from "../../../support/table";
import { captureOf, DIRECTORY } from "./archive-builder";

/** The lines of an image with these files. */
async function linesOf(...paths: string[]): Promise<string[]> {
  const { notCaptured } = await captureOf(Object.fromEntries(paths.map((path) => [path, "x"])));
  return notCapturedLines(notCaptured);
}

describe("what is not captured", () => {
  table("is named for /%s")`
    usr/local/share/perl/5.36.0/auto/JSON/.packlist
      ¦ CPAN distributions of Perl (/usr/local/share/perl/5.36.0/auto/JSON)
    usr/local/lib/perl5/perllocal.pod ¦ CPAN distributions of Perl (/usr/local/lib/perl5)
    usr/local/lib/perl5/x86_64/.meta/JSON-4.10/install.json
      ¦ CPAN distributions of Perl (/usr/local/lib/perl5/x86_64)
    usr/local/lib/luarocks/rocks-5.3/say/1.4-1/rock_manifest
      ¦ LuaRocks packages of Lua (/usr/local/lib/luarocks/rocks-5.3)
    app/vendor/composer/installed.json ¦ Composer packages of PHP (/app/vendor/composer)
    root/.m2/repository/junit/junit/4.12/junit-4.12.jar ¦ Maven artifacts (/root/.m2/repository)
    m2/junit/junit/4.12/_remote.repositories ¦ Maven artifacts (/m2/junit/junit/4.12)
    app/lib/guava.jar ¦ Java archives (/app/lib)
    root/.gradle/caches/modules-2/files-2.1/a/a.pom
      ¦ Gradle's cache (/root/.gradle/caches, /root/.gradle/caches/modules-2)
    usr/local/cargo/registry/cache/index/a-1.crate ¦ Cargo crates of Rust (/usr/local/cargo/registry)
    opt/tools/.crates.toml ¦ Cargo crates of Rust (/opt/tools)
    go/pkg/mod/golang.org/x/text@v0.14.0/go.mod ¦ Go module downloads (/go/pkg/mod)
    usr/local/lib/R/site-library/jsonlite/Meta/package.rds ¦ R packages (/usr/local/lib/R/site-library)
    app/deps/jason/.hex ¦ Hex packages of Erlang and Elixir (/app/deps)
    app/Web.deps.json ¦ NuGet packages of .NET (/app)
    root/.nuget/packages/a/1/a.dll ¦ NuGet packages of .NET (/root/.nuget/packages)
    root/.julia/packages/JSON/x/Project.toml ¦ Julia packages (/root/.julia)
    home/opam/.opam/5.1/.opam-switch/switch-state ¦ opam packages of OCaml (/home/opam/.opam)
    root/.cabal/store/ghc-9/a/lib ¦ Cabal packages of Haskell (/root/.cabal/store)
    nix/store/abc-hello/bin/hello ¦ Nix store (/nix/store)
    app/.terraform/providers/registry/x
      ¦ Terraform and OpenTofu providers and modules (/app/.terraform/providers)
    root/nltk_data/corpora/words.zip ¦ NLTK data (/root/nltk_data)
    var/lib/pacman/local/zlib-1-1/desc ¦ pacman packages of Arch Linux (/var/lib/pacman/local)
    usr/share/jenkins/ref/plugins/git.jpi ¦ Jenkins plugins (/usr/share/jenkins/ref/plugins)
    app/.pnp.cjs ¦ Yarn Plug'n'Play packages (/app)
  `(async (path, line) => assert.deepEqual(await linesOf(path), [`not captured: ${line}`]));

  table("is nothing %s")`
    that comes with a distribution
      ¦ usr/share/java/a.jar usr/lib/R/library/base/Meta/package.rds usr/share/perl5/x/.packlist
    inside a package that is listed
      ¦ v/lib/site-packages/pyspark/jars/a.jar app/node_modules/a/vendor/composer/installed.json
    that only describes what to install
      ¦ app/composer.json app/Cargo.toml app/pom.xml app/go.mod app/a.rockspec
    that only has a similar name ¦ home/x.m2/repository.txt app/registry/x jar a/.jar.txt composer/installed
  `(async (_, paths) => assert.deepEqual(await linesOf(...paths.split(" ")), []));

  it("is not shown by an empty directory", async () => {
    assert.deepEqual((await captureOf({ "root/.m2/repository/": DIRECTORY })).notCaptured, []);
  });

  it("is one line for each kind, with the first places in order, whatever the image's own order", async () => {
    const paths = ["e", "c", "a", "b", "d"].map((name) => `${name}/x.jar`);
    const line = "not captured: Java archives (/a, /b, /c and other places)";
    assert.deepEqual(await linesOf(...paths), [line]);
    assert.deepEqual(await linesOf(...paths.reverse()), [line]);
    assert.deepEqual(await linesOf("a/x.jar", "a/y.jar"), ["not captured: Java archives (/a)"]);
  });

  it("says in which stage it is, and lets no control character through", () => {
    const seen = [
      { what: "Nix store", places: ["/nix/store"], stage: "build" },
      { what: "Nix store", places: ["/a\nb"] },
    ];
    const line = "not captured: Nix store (/a\\u{a}b, /nix/store in stage build)";
    assert.deepEqual(notCapturedLines(seen), [line]);
  });

  it("has a table in order, with slashes where they belong", () => {
    const names = OUTSIDE_ECOSYSTEMS.map(({ what }) => what.toLowerCase());
    assert.deepEqual(names, [...names].sort());
    for (const { what, below = [], within = "/", ending = [] } of OUTSIDE_ECOSYSTEMS) {
      const [places, ends] = [
        below.map((path) => /^\/.*[^/]$/.test(path)),
        ending.map((end) => /^\.[^/]+$/.test(end)),
      ];
      assert.ok([...places, ...ends, within.startsWith("/")].every(Boolean), what);
    }
  });
});
