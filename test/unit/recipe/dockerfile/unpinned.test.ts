import assert from "node:assert/strict";
import fc from "fast-check";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { findUnpinned, type UnpinnedSources } from "../../../../provider/recipe/dockerfile/unpinned";
import { each } from "../../../support/each";
import { packagesOf } from "../../packages/in-short";

const find = (
  text: string,
  settings: Partial<RecipeSettings> = {},
  sources?: UnpinnedSources,
): ReturnType<typeof findUnpinned> =>
  findUnpinned(parseDockerfile(text), { platform: "linux/amd64", ...settings }, sources);
/** `line kind` of everything found. */
const places = (...question: Parameters<typeof find>): string[] =>
  find(...question).map(({ line, kind }) => `${line} ${kind}`);
/** The recipe's text that is shown of the one thing found in an instruction. */
function shown(instruction: string): string {
  const [found, ...more] = find(`FROM debian\n${instruction}\n`);
  assert.ok(found && more.length === 0, "exactly one");
  return found.text;
}

describe("findUnpinned", () => {
  it("names the physical line, its trimmed text and one sentence", () => {
    const run =
      "RUN apt-get update \\\n # note\n  && git clone x \\\n  && pip install \\\n    git+https://x.test/a\n";
    const git = "git takes what the remote has at the time of the build; no lock says which commit.";
    const pip = "pip installs from a URL or a repository here; a version constraint does not cover that.";
    assert.deepEqual(find(`FROM debian\n${run}`), [
      { line: 4, kind: "git-clone", text: "&& git clone x \\", reason: git },
      { line: 6, kind: "pip-url", text: "git+https://x.test/a", reason: pip },
    ]);
  });

  it("names the line inside a here-document, with CRLF too", () => {
    const [found] = find("FROM debian\r\nRUN <<EOF\r\nls\r\n  git clone x\r\nEOF\r\n");
    assert.deepEqual([found?.line, found?.text], [4, "git clone x"]);
  });

  it("masks credentials, but no name that is none, and cuts long lines", () => {
    const long = shown(`RUN git clone https://me:s3cret@x.test/r ${"y".repeat(300)}`);
    assert.equal(long, `RUN git clone https://***@x.test/r ${"y".repeat(300)}`.slice(0, 200));
    assert.ok(shown(`RUN npx xy ${"😀".repeat(300)}`).endsWith("😀"));
    assert.doesNotMatch(shown("RUN curl -u me:s3cret https://x.test"), /s3cret/);
    assert.doesNotMatch(shown("RUN curl -H 'Authorization: Bearer s3cret' https://x.test"), /s3cret/);
    assert.equal(shown("RUN sudo -u app git clone x"), "RUN sudo -u app git clone x");
  });

  const TWO = "FROM a AS one\nRUN npx x\nFROM b AS two\nRUN git clone x\n";
  const TRIGGER = "FROM a AS one\nONBUILD RUN git clone x\nFROM one\n";
  const ADD = "FROM a\nARG URL=local.txt\nADD $URL /x\n";
  each("%s", [
    ["looks only at the stages that the target needs", TWO, { target: "one" }, ["2 npx"]],
    ["expands the variables of an ADD", ADD, {}, []],
    ["expands the build arguments of an ADD", ADD, { buildArgs: { URL: "https://x.test" } }, ["3 add-url"]],
    ["counts ONBUILD where a stage of the recipe triggers it", TRIGGER, {}, ["2 onbuild", "2 git-clone"]],
    ["survives deep nesting", `FROM a\nRUN ${"$(".repeat(20_000)} git clone "x`, {}, ["2 git-clone"]],
    ["survives open quotes", `FROM a\nRUN echo "${"`".repeat(5_001)}`, {}, []],
  ])((_, text, settings, expected) => assert.deepEqual(places(text, settings), expected));

  it("names the line of a command in a chain, a loop, a nested script and a shell's here-document", () =>
    assert.deepEqual(
      places(`FROM debian
RUN set -e; \\
    # a comment, and an empty line

    for u in a b; do \\
      curl -O https://x.test/$u; \\
    done && ( cd /x \\
      && git clone https://x.test/r ) \\
    && sh -c 'ls; \\
      npx y' | cat
RUN ["sh", "-c", \\
  "apk add x"]
RUN bash -e <<EOF
cat <<'TXT'
git clone no
TXT
  sudo \\
    -u app \\
    gem install x
EOF
RUN conda install x`),
      ["6 download", "8 git-clone", "10 npx", "12 apk-add", "19 gem-install", "21 conda-install"],
    ));
});

describe("findUnpinned and a version that a recipe asks apt for", () => {
  const V = "1:2.39.5-0+deb12u2";
  const packages = packagesOf(`dpkg:git@${V}`, "pip:curl@7");
  const [another, dropped] = [`, and the lock has ${V}.`, ", and mirrors drop it."];
  const shell = ", and this one is only known to the shell.";
  each("is %s", [
    ["left out where the lock has the very same", `RUN apt-get install -y git=${V}`, []],
    ["left out with its architecture", `RUN apt-get install -y git:amd64=${V}`, []],
    ["left out through ARG and ENV", `ARG V=${V}\nRUN apt-get install -y "git=\${V}"`, []],
    ["listed where the lock has another", "RUN apt-get install git=1:2.39.5", [another]],
    ["listed where the lock has none of Debian's", "RUN apt-get install curl=7", [dropped]],
    ["listed where it is a pattern", "RUN apt-get install git=1:2.39.*", [dropped]],
    ["listed where a command gives it", "RUN apt-get install git=$(cat v)", [shell]],
    ["listed where only the shell knows it", "RUN apt-get install git=$V", [shell]],
    ["listed where the shell sets it anew", `ENV V=${V}\nRUN V=2 && apt-get install git=$V`, [shell]],
  ])((_, instructions, expected) => {
    const found = find(`FROM debian\n${instructions}\n`, {}, { packages });
    const endings = found.map(({ reason }) => reason.replace(/^.*pin packages/, ""));
    assert.deepEqual(endings, expected);
  });
  it("goes past the lock with a suite in any case", () =>
    assert.equal(find(`FROM debian\nRUN apt-get install -t sid git=${V}\n`, {}, { packages }).length, 1));
});

describe("findUnpinned and ONBUILD instructions of a base image", () => {
  const NODE = ["COPY . /app", "RUN  npm install", "ADD https://x.test/f /f"];
  const triggers = new Map(Object.entries({ "node:onbuild": NODE, debian: ["COPY . /app", "ENV A=b"] }));
  it("names those that fetch or run something, at the line of the FROM", () => {
    const reason =
      "The image node:onbuild runs ONBUILD instructions of its own here (RUN npm install; ADD https://x.test/f /f), " +
      "which no pin reaches.";
    const expected = [{ line: 2, kind: "onbuild", text: "FROM node:onbuild", reason }];
    assert.deepEqual(find("# a\nFROM node:onbuild\n", {}, { triggers }), expected);
  });
  it("names a copy from an image or a stage, which nothing pins either", () => {
    const copying = new Map([["base", ["COPY a b", "COPY --chown=1 --from=alpine /x /x"]]]);
    const [found, ...more] = find("FROM base\n", {}, { triggers: copying });
    assert.match(
      found?.reason ?? "",
      /of its own here \(COPY --chown=1 --from=alpine \/x \/x\), which no pin/,
    );
    assert.deepEqual(more, []);
  });

  it("says nothing of copies, of other images and of stages that are not built", () => {
    const text = "FROM node:onbuild AS unused\nFROM other AS one\nFROM debian\nCOPY --from=one / /\n";
    assert.deepEqual(find(text, {}, { triggers }), []);
  });
});

describe("findUnpinned, whatever the recipe", () => {
  const PIECES = [
    ..."FROM a,RUN ,ADD ,ENV A=b,ONBUILD RUN ,COPY --from=0 ,SHELL ,ARG V,USER x".split(","),
    ..."curl https://x.test/f,git clone x,apt-get install a=1,sudo -u,pip install,env -i,npx x".split(","),
    ..."sha256sum -c,sh -c ',bash <<EOF\n,EOF\n,$(,`,<(,((,),},{ ,do ,done,case ".split(","),
    ...' | sh, && , || ,; , > f, << X\n,\\\n,\n,\r\n,\t,",\',#,[,[","],\\,&,\0'.split(","),
  ];
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 }));
  const dockerfile = fc.array(piece, { maxLength: 40 }).map((pieces) => `FROM a\nRUN ${pieces.join("")}`);
  /** What is found, or nothing where the recipe is refused; any other error is thrown on. */
  function unlessRefused(text: string): ReturnType<typeof findUnpinned> {
    try {
      return find(text);
    } catch (error) {
      assert.ok(error instanceof RecipeError, String(error));
      return [];
    }
  }

  it("never throws on a recipe that can be read, and points to a line that has the text", () => {
    const points = fc.property(dockerfile, (text) => {
      const lines = text.split("\n");
      for (const { line, text: shown, reason, kind } of unlessRefused(text)) {
        assert.ok(Number.isInteger(line) && line >= 1 && line <= lines.length);
        const [first = ""] = shown.split(/\s+/);
        assert.ok(first.includes("***") || (lines[line - 1] ?? "").includes(first));
        assert.match(reason, /^\S.*\.$/s);
        assert.match(kind, /^[a-z-]+$/);
      }
    });
    fc.assert(points, { numRuns: 2000 });
  });

  /** Commands that are found, and what they are found as. */
  const COMMANDS: Record<string, string> = {
    "curl -O https://x.test/f": "download",
    "git clone https://x.test/r": "git-clone",
    "npx x": "npx",
    "apk add x": "apk-add",
    "gem install x": "gem-install",
    "conda install x": "conda-install",
    "/usr/bin/wget https://x.test/f": "download",
  };
  const command = fc.constantFrom(...Object.keys(COMMANDS));
  const frame = fc.constantFrom(
    ...["@", "sudo -E @", "env A=b nice -n 5 @", "( cd /x && @ )", "if true; then @; fi"],
    ...["for a in b c; do @; done", "sh -euc '@'", "X=1 @"],
  );
  const harmless = fc.constantFrom("ls", "echo 'git clone x'", 'printf "%s" "npx x"', "test -f x");

  it("finds exactly the commands that fetch, each on its own line, in any frame and between harmless ones", () => {
    const part = fc.oneof(
      fc
        .tuple(command, frame)
        .map(([text, around]) => ({ text: around.replace("@", text), kind: COMMANDS[text] })),
      harmless.map((text) => ({ text, kind: null })),
    );
    const glues = fc.constantFrom(" && \\\n    ", "; \\\n", " || \\\n  # a comment, git clone x\n  ");
    const finds = fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), glues, (parts, glue) => {
      const step = glue.split("\n").length - 1;
      const expected = parts.flatMap(({ kind }, index) => (kind ? [`${2 + index * step} ${kind}`] : []));
      assert.deepEqual(places(`FROM a\nRUN ${parts.map(({ text }) => text).join(glue)}\n`), expected);
    });
    fc.assert(finds, { numRuns: 500 });
  });

  it("finds the same in a here-document", () => {
    const finds = fc.property(fc.array(command, { minLength: 1, maxLength: 6 }), (commands) => {
      const expected = commands.map((text, index) => `${4 + index} ${COMMANDS[text]}`);
      assert.deepEqual(places(`FROM a\nRUN <<EOF\nset -e\n${commands.join("\n")}\nEOF\n`), expected);
    });
    fc.assert(finds);
  });
});
