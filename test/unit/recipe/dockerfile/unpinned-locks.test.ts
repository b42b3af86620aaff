import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { findUnpinned, isPerhaps } from "../../../../provider/recipe/dockerfile/unpinned";
import { each } from "../../../support/each";

const found = (text: string, context: readonly string[] | null = null): ReturnType<typeof findUnpinned> =>
  findUnpinned(parseDockerfile(`FROM a\n${text}\n`), { platform: "linux/amd64" }, { context });
const kinds = (...question: Parameters<typeof found>): string =>
  found(...question)
    .map((one) => `${one.line} ${isPerhaps(one) ? "perhaps " : ""}${one.kind}`)
    .join(", ");

describe("findUnpinned and the lock files of the context", () => {
  const FOUR = "4 cargo-build";
  const ALL = "WORKDIR /app\nCOPY . .\nRUN cargo build";
  const CD = "WORKDIR /app\nCOPY . .\nRUN cd sub && cargo build";
  const SUB = "WORKDIR /app\nCOPY sub .\nRUN cargo build";
  const GEMS = "WORKDIR /app\nCOPY Gemfile* ./\nRUN bundle install";
  const MOUNT = "WORKDIR /app\nRUN --mount=type=bind,target=. cargo build\nRUN cargo build";
  const STAGE = "WORKDIR /app\nCOPY . .\nFROM b\nCOPY --from=0 /app /x\nRUN cd /x && cargo build";
  const EXCEPT = "WORKDIR /app\nCOPY --exclude=*.lock . .\nRUN cargo build";
  const PARENTS = "WORKDIR /app\nCOPY --parents sub/Cargo.lock .\nRUN cargo build\nRUN cd sub && cargo build";
  const RANGE = "WORKDIR /app\nCOPY [GH]emfile.loc[k] .\nRUN bundle";
  const DOTNET = "WORKDIR /app\nCOPY . .\nRUN dotnet restore --locked-mode App.sln && dotnet publish";
  const ELSEWHERE = "WORKDIR /app\nCOPY . .\nWORKDIR /other\nRUN cargo build";
  const GO = "WORKDIR /app\nCOPY . .\nRUN go build ./...";
  const WRITTEN =
    "WORKDIR /app\nRUN cp /seed/Cargo.lock . && cargo build\nRUN mv Cargo.lock /gone && cargo build";
  const HIDDEN = "WORKDIR /app\nCOPY vendor/ /app/vendor/\nCOPY go.mod .\nRUN go build";
  each("%j with %j lists %j", [
    [ALL, ["Cargo.lock"], ""],
    [ALL, [], FOUR],
    [ALL, ["sub/Cargo.lock"], FOUR],
    [CD, ["sub/Cargo.lock"], ""],
    [CD, ["Cargo.lock"], ""],
    [CD, ["other/Cargo.lock"], FOUR],
    [SUB, ["sub/Cargo.lock"], ""],
    [SUB, ["Cargo.lock"], FOUR],
    [GEMS, ["Gemfile", "Gemfile.lock"], ""],
    [GEMS, ["Gemfile"], "4 bundler"],
    [GEMS, ["sub/Gemfile.lock"], "4 bundler"],
    [RANGE, ["Gemfile.lock"], ""],
    [MOUNT, ["Cargo.lock"], FOUR],
    [STAGE, ["Cargo.lock"], ""],
    [STAGE, [], "6 cargo-build"],
    [EXCEPT, ["Cargo.lock"], FOUR],
    [PARENTS, ["sub/Cargo.lock"], FOUR],
    [DOTNET, ["src/App/packages.lock.json"], ""],
    [DOTNET, ["App.sln"], "4 dotnet"],
    [ELSEWHERE, ["Cargo.lock"], "5 cargo-build"],
    [GO, ["go.mod", "go.sum"], ""],
    [GO, ["go.mod"], "4 go-build"],
    [GO, ["main.go"], ""],
    [GO, ["go.mod", "vendor/modules.txt"], ""],
    [HIDDEN, ["go.mod", "vendor/modules.txt"], ""],
    [WRITTEN, [], FOUR],
  ])((text, context, expected) => assert.equal(kinds(text, context), expected));

  it("follows a stage that builds on another", () => {
    const text = "FROM a AS s\nWORKDIR /app\nCOPY . .\nFROM s\nRUN cargo build\n";
    const listed = (context: string[]): number =>
      findUnpinned(parseDockerfile(text), { platform: "linux/amd64" }, { context }).length;
    assert.deepEqual([listed(["Cargo.lock"]), listed([])], [0, 1]);
  });

  it("says what is missing", () => {
    const said = (text: string, context: string[] = []): string => found(text, context)[0]?.reason ?? "";
    const cargo = "cargo build fetches crates at the time of the build: ";
    assert.equal(
      said("COPY . .\nRUN cargo build"),
      `${cargo}no COPY, ADD or bind mount brings in Cargo.lock.`,
    );
    assert.equal(
      said("COPY . .\nRUN dotnet restore", ["packages.lock.json"]),
      "dotnet restore fetches NuGet packages at the time of the build: packages.lock.json is there, but without --locked-mode it may be changed.",
    );
    assert.match(said("RUN mvn package"), /: no lock file says which versions\.$/);
    assert.match(said("RUN nvm install 20"), /: no exact version is asked for\.$/);
    assert.match(said("RUN terraform init -upgrade"), /: -upgrade makes it go past its lock\.$/);
  });

  it("ends on hostile recipes", () => {
    // Docker reads lines of at most 65,535 bytes.
    const many = 3_800;
    const hostile = [
      `RUN ${"if { case x in ".repeat(many)}cargo build`,
      `RUN ${"poetry run ".repeat(many)}cargo build`,
      `RUN ${"f() { f; }; ".repeat(many)}cargo build`,
      // Longer than a line may be.
      `RUN ${`${"cp a Cargo.lock; ".repeat(many / 2)}\\\n`.repeat(2)}cargo build`,
      `RUN nvm install ${"1.1.1@".repeat(many)}`,
      `RUN cargo build ${"a/b.c ".repeat(many)}`,
      `RUN ${"cargo build; ".repeat(many)}`,
      `RUN python -c "${"a.".repeat(many)}"`,
    ];
    const locks = Array.from({ length: 2000 }, (_, index) => `d${index}/Cargo.lock`);
    for (const text of hostile) assert.ok(found(`COPY . .\n${text}`, locks).length <= 2);
  });
});

describe("findUnpinned and branches of the shell", () => {
  const SURE = "2 cargo-build";
  const PERHAPS = "2 perhaps cargo-build";
  each("RUN %s: %s", [
    ['if [ "$X" = dev ]; then cargo build; fi', PERHAPS],
    ["if cargo build; then ls; fi", SURE],
    ["if x; then ls; elif cargo build; then ls; else ls; fi", PERHAPS],
    ["if x; then ls; else cargo build; fi", PERHAPS],
    ["if x; then ls; fi; cargo build", SURE],
    ["if x; then ls; fi && cargo build", SURE],
    ["test -f x && cargo build", PERHAPS],
    ["[ -n $X ] && ls && cargo build", PERHAPS],
    ["[ -n $X ] && { ls; cargo build; }; ls", PERHAPS],
    ["[ -n $X ] && ( ls; cargo build )", PERHAPS],
    ["[ -n $X ] && ls; cargo build", SURE],
    ["command -v x || cargo build", PERHAPS],
    ["command -v x || ls && cargo build", SURE],
    ["x || ( ls )\nRUN cargo build", "3 cargo-build"],
    ["ls && cargo build || exit 1", SURE],
    ["case $X in dev) cargo build ;; *) ls ;; esac", PERHAPS],
    ["case $X in (dev) ls ;; *) cargo build ;; esac", PERHAPS],
    ["case $(uname -m) in x) ls ;; esac; cargo build", SURE],
    ["f() { cargo build; }; ls", PERHAPS],
    ["f() { cargo build; }; f", SURE],
    ["f() { cargo build; }; g() { f; }; g", SURE],
    ["f() { cargo build; }; if x; then f; fi", PERHAPS],
    ["function f { cargo build; }; ls", PERHAPS],
    ["for i in a b; do cargo build; done", SURE],
    ["until cargo build; do sleep 1; done", SURE],
    ["sh -c 'if x; then cargo build; fi'", PERHAPS],
    ["if x; then bash -ec 'ls; cargo build'; fi", PERHAPS],
    ["if x; then echo $(cargo build); fi", PERHAPS],
    ['[ "$X" ] || exit 0; cargo build', PERHAPS],
    ['[ "$X" ] || exit 1; cargo build', SURE],
    ["if x; then cargo build; fi; cargo test", SURE],
    ["<<EOF\nif x; then\n  cargo build\nfi\ncargo test\nEOF", "4 perhaps cargo-build, 6 cargo-build"],
    ["<<EOF\nx ||\n  cargo build\n( x || ls )\ncargo test\nEOF", "4 perhaps cargo-build, 6 cargo-build"],
  ])((run, expected) => assert.equal(kinds(`RUN ${run}`), expected));

  it("believes no checksum that may not be compared", () => {
    const check = `echo "${"ab".repeat(32)}  f" | sha256sum -c`;
    const fetch = "curl -o f https://x.test/f";
    assert.equal(kinds(`RUN set -e; ${fetch}; if x; then ${check} && ls; fi`), "2 download");
    assert.equal(kinds(`RUN set -e; if x; then ${fetch} && ${check}; fi`), "");
  });
});
