import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { findUnpinned, type UnpinnedSources } from "../../../../provider/recipe/dockerfile/unpinned";
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
  it("names the physical line, its trimmed text and one sentence", () =>
    assert.deepEqual(
      find(
        "FROM debian\nRUN apt-get update \\\n # note\n  && git clone x \\\n  && pip install \\\n    git+https://x.test/a\n",
      ),
      [
        {
          line: 4,
          kind: "git-clone",
          text: "&& git clone x \\",
          reason: "git takes what the remote has at the time of the build; no lock says which commit.",
        },
        {
          line: 6,
          kind: "pip-url",
          text: "git+https://x.test/a",
          reason: "pip installs from a URL or a repository here; a version constraint does not cover that.",
        },
      ],
    ));

  it("names the line inside a here-document, with CRLF too", () => {
    const [found] = find("FROM debian\r\nRUN <<EOF\r\nls\r\n  git clone x\r\nEOF\r\n");
    assert.deepEqual([found?.line, found?.text], [4, "git clone x"]);
  });

  it("masks credentials and cuts long lines", () => {
    const long = shown(`RUN git clone https://me:s3cret@x.test/r ${"y".repeat(300)}`);
    assert.ok(long.startsWith("RUN git clone https://***@x.test/r yyy"));
    assert.equal(long.length, 200);
    assert.ok(shown(`RUN npx xy ${"😀".repeat(300)}`).endsWith("😀"));
    assert.doesNotMatch(shown("RUN curl -u me:s3cret https://x.test"), /s3cret/);
    assert.doesNotMatch(shown("RUN curl -H 'Authorization: Bearer s3cret' https://x.test"), /s3cret/);
  });

  it("leaves a user's name that is no credential", () =>
    assert.equal(shown("RUN sudo -u app git clone x"), "RUN sudo -u app git clone x"));

  it("looks only at the stages that the target needs", () => {
    const text = "FROM a AS one\nRUN npx x\nFROM b AS two\nRUN git clone x\n";
    assert.deepEqual(places(text, { target: "one" }), ["2 npx"]);
  });

  it("expands the variables of an ADD", () => {
    const text = "FROM a\nARG URL=local.txt\nADD $URL /x\n";
    assert.deepEqual(places(text), []);
    assert.deepEqual(places(text, { buildArgs: { URL: "https://x.test/f" } }), ["3 add-url"]);
  });

  it("counts ONBUILD where a stage of the recipe triggers it", () =>
    assert.deepEqual(places("FROM a AS one\nONBUILD RUN git clone x\nFROM one\n"), [
      "2 onbuild",
      "2 git-clone",
    ]));

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

  it("survives deep nesting and open quotes", () => {
    assert.deepEqual(places(`FROM a\nRUN ${"$(".repeat(20_000)} git clone "x`), ["2 git-clone"]);
    assert.deepEqual(places(`FROM a\nRUN echo "${"`".repeat(5_001)}`), []);
  });
});

describe("findUnpinned and a version that a recipe asks apt for", () => {
  const packages = packagesOf("dpkg:git@1:2.39.5-0+deb12u2", "pip:curl@7");
  const [another, dropped] = [", and the lock has 1:2.39.5-0+deb12u2.", ", and mirrors drop it."];
  const shell = ", and this one is only known to the shell.";
  const ARG = "ARG V=1:2.39.5-0+deb12u2\n";
  for (const [claim, instructions, expected] of [
    ["is left out where the lock has the very same", "RUN apt-get install -y git=1:2.39.5-0+deb12u2", []],
    ["is left out with its architecture", "RUN apt-get install -y git:amd64=1:2.39.5-0+deb12u2", []],
    ["is left out through ARG and ENV", `${ARG}RUN apt-get install -y "git=\${V}"`, []],
    ["is listed where the lock has another", "RUN apt-get install git=1:2.39.5", [another]],
    ["is listed where the lock has none of Debian's", "RUN apt-get install curl=7", [dropped]],
    ["is listed where it is a pattern", "RUN apt-get install git=1:2.39.*", [dropped]],
    ["is listed where a command gives it", "RUN apt-get install git=$(cat v)", [shell]],
    ["is listed where only the shell knows it", "RUN apt-get install git=$V", [shell]],
    [
      "is listed where the shell sets it anew",
      "ENV V=1:2.39.5-0+deb12u2\nRUN V=2 && apt-get install git=$V",
      [shell],
    ],
  ] as const) {
    it(claim, () => {
      const found = find(`FROM debian\n${instructions}\n`, {}, { packages });
      assert.deepEqual(
        found.map(({ reason }) => reason.replace(/^.*pin packages/, "")),
        expected,
      );
    });
  }
  it("goes past the lock with a suite in any case", () => {
    const text = "FROM debian\nRUN apt-get install -t sid git=1:2.39.5-0+deb12u2\n";
    assert.equal(find(text, {}, { packages }).length, 1);
  });
});

describe("findUnpinned and ONBUILD instructions of a base image", () => {
  const triggers = new Map([
    ["node:onbuild", ["COPY . /app", "RUN  npm install", "ADD https://x.test/f /f"]],
  ]);
  it("names those that fetch or run something, at the line of the FROM", () =>
    assert.deepEqual(find("# a\nFROM node:onbuild\n", {}, { triggers }), [
      {
        line: 2,
        kind: "onbuild",
        text: "FROM node:onbuild",
        reason:
          "The image node:onbuild runs ONBUILD instructions of its own here (RUN npm install; ADD https://x.test/f /f), " +
          "which no pin reaches.",
      },
    ]));
  it("says nothing of copies, of other images and of stages that are not built", () => {
    const text = "FROM node:onbuild AS unused\nFROM debian\n";
    assert.deepEqual(find(text, {}, { triggers }), []);
    const copies = new Map([["debian", ["COPY . /app", "ENV A=b"]]]);
    assert.deepEqual(find(text, {}, { triggers: copies }), []);
  });
});
