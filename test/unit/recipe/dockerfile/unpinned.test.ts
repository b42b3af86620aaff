import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { findUnpinned } from "../../../../provider/recipe/dockerfile/unpinned";

const find = (
  text: string,
  target?: string,
  buildArgs: Record<string, string> = {},
): ReturnType<typeof findUnpinned> =>
  findUnpinned(parseDockerfile(text), { platform: "linux/amd64", target, buildArgs });
/** `kind` of everything found in one instruction. */
const kinds = (instruction: string): string[] =>
  find(`FROM debian\n${instruction}\n`).map(({ kind }) => kind);

const FOUND: [string, ...string[]][] = [
  ["RUN curl -fsSL https://x.test/i | sh", "curl-pipe-shell"],
  ["RUN wget -qO- https://x.test/i |sudo -E bash -", "curl-pipe-shell"],
  ["RUN curl https://x.test/i | gunzip | /bin/bash -s -- -y", "curl-pipe-shell"],
  ["RUN curl -sS https://x.test/i.py | python3 -", "curl-pipe-shell"],
  ['RUN sh -c "$(curl -fsSL https://x.test/i)"', "curl-pipe-shell"],
  ["RUN sh -c 'curl https://x.test | sh'", "curl-pipe-shell"],
  ["RUN bash <(curl -s https://x.test/i)", "curl-pipe-shell"],
  ["RUN eval `curl -s https://x.test/i`", "curl-pipe-shell"],
  ['RUN ["bash", "-c", "curl https://x.test/i | sh"]', "curl-pipe-shell"],
  ["RUN apt-get update && git clone --depth 1 https://x.test/r.git", "git-clone"],
  ["RUN git -C /src clone https://x.test/r.git", "git-clone"],
  ['RUN ["git", "clone", "https://x.test/r.git"]', "git-clone"],
  ["RUN set -e; if true; then git clone x; fi", "git-clone"],
  ["RUN GIT_TRACE=1 /usr/bin/git clone x", "git-clone"],
  ["RUN curl -o /x https://x.test/f", "download"],
  ["RUN V=$(curl -s https://x.test/v) && echo $V", "download"],
  ["RUN curl -s https://x.test/k | gpg --dearmor -o /k", "download"],
  ["RUN wget $URL", "download"],
  ["RUN xargs -n 1 curl -O < list", "download"],
  ["ADD https://x.test/f /f", "add-url"],
  ["ADD git@x.test:a/b.git /f", "add-url"],
  ["ADD https://x.test/a.git#main /f", "add-url"],
  ['ADD ["https://x.test/f", "/f"]', "add-url"],
  ["ADD $WHATEVER /f", "add-url"],
  ["RUN go install x.test/tool@latest", "go-install"],
  ["RUN cargo install ripgrep", "cargo-install"],
  ["RUN gem install rails", "gem-install"],
  ["RUN npx --yes cowsay", "npx"],
  ["RUN npm exec -- cowsay", "npx"],
  ["RUN pip install git+https://x.test/r.git", "pip-url"],
  ["RUN python3 -m pip install 'thing @ https://x.test/t.whl'", "pip-url"],
  ["RUN pip3 install --no-cache-dir -r https://x.test/r.txt", "pip-url"],
  ["RUN uv pip install https://x.test/t.whl", "pip-url"],
  ["RUN apt-get install -y curl=7.88.1-10", "apt-version"],
  ["RUN apt-get install -y curl=${V}", "apt-version"],
  ["RUN apt-get -o A::B=c install -y curl/bookworm-backports", "apt-release"],
  ["RUN apt-get install -y -t bookworm-backports curl", "apt-release"],
  ["RUN apt install --target-release=sid curl", "apt-release"],
  ["RUN env -u NODE_OPTIONS npm install -g typescript", "npm-global"],
  ["RUN NODE_OPTIONS= npm i -g npm@10", "npm-global"],
  ["ENV NODE_OPTIONS=--max-old-space-size=4096\nRUN npm i -g npm@10", "npm-global"],
  ["RUN export NODE_OPTIONS=--no-warnings && npm i -g npm@10", "npm-global"],
  ["RUN yarn global add x", "npm-global"],
  ["RUN <<EOF\nset -e\ngit clone x\nEOF", "git-clone"],
  ["RUN <<EOF\ncurl -s https://x.test \\\n  | sh\nEOF", "curl-pipe-shell"],
];

const NOT_FOUND = [
  "RUN apt-get install -y curl wget git npm",
  "RUN npm install -g typescript",
  "RUN echo 'git clone' && echo \"curl https://x.test | sh\"",
  "RUN command -v curl && curl --version",
  "RUN curl -fs http://localhost:8080/health",
  "RUN ls # curl https://x.test | sh",
  "RUN <<EOF\n# git clone x\nls\nEOF",
  "RUN a \\\n# git clone x\n b",
  "# RUN git clone x",
  "COPY <<EOF /x\ngit clone x\nEOF",
  "ADD --checksum=sha256:00 https://x.test/f /f",
  `ADD https://x.test/a.git#${"a".repeat(40)} /f`,
  "ADD local.tar.gz /f",
  "RUN pip install -i https://x.test/simple requests==2.0",
  "RUN pip install --index-url https://x.test/simple -r requirements.txt",
  "RUN apt-get install -y -o Dpkg::Options::=--force-confold curl",
  "RUN npm ci && npm install --omit=dev",
  "RUN go install ./... && go build -o x",
  "RUN cargo install --path . --locked",
  "ONBUILD COPY . /app",
  "CMD git clone x",
  "RUN git config --global pull.rebase true",
  "RUN echo $((1 + 2)) && ls",
];

describe("findUnpinned", () => {
  for (const [instruction, ...expected] of FOUND) {
    it(`finds ${expected.join(", ")} in ${JSON.stringify(instruction)}`, () =>
      assert.deepEqual(kinds(instruction), expected));
  }
  for (const instruction of NOT_FOUND) {
    it(`finds nothing in ${JSON.stringify(instruction)}`, () => assert.deepEqual(kinds(instruction), []));
  }

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

  it("names the line inside a here-document, with CRLF too", () =>
    assert.deepEqual(
      find("FROM debian\r\nRUN <<EOF\r\nls\r\n  git clone x\r\nEOF\r\n").map(({ line, text }) => [
        line,
        text,
      ]),
      [[4, "git clone x"]],
    ));

  it("masks credentials and cuts long lines", () => {
    const [found] = find(`FROM debian\nRUN git clone https://me:s3cret@x.test/r ${"y".repeat(300)}\n`);
    assert.ok(found && found.text.startsWith("RUN git clone https://***@x.test/r yyy"));
    assert.equal(found.text.length, 200);
    assert.ok(find(`FROM debian\nRUN npx xy ${"😀".repeat(300)}\n`)[0]?.text.endsWith("😀"));
    assert.ok(!find("FROM a\nRUN curl -u me:s3cret https://x.test\n")[0]?.text.includes("s3cret"));
    assert.ok(
      !find("FROM a\nRUN curl -H 'Authorization: Bearer s3cret' https://x.test\n")[0]?.text.includes(
        "s3cret",
      ),
    );
  });

  it("leaves a user's name that is no credential", () =>
    assert.equal(find("FROM a\nRUN sudo -u app git clone x\n")[0]?.text, "RUN sudo -u app git clone x"));

  it("looks only at the stages that the target needs", () =>
    assert.deepEqual(
      find("FROM a AS one\nRUN npx x\nFROM b AS two\nRUN git clone x\n", "one").map((f) => f.kind),
      ["npx"],
    ));

  it("expands the variables of an ADD", () => {
    const text = "FROM a\nARG URL=local.txt\nADD $URL /x\n";
    assert.deepEqual(find(text), []);
    assert.equal(find(text, undefined, { URL: "https://x.test/f" })[0]?.kind, "add-url");
  });

  it("counts ONBUILD where a stage of the recipe triggers it", () =>
    assert.deepEqual(
      find("FROM a AS one\nONBUILD RUN git clone x\nFROM one\n").map(({ line, kind }) => [line, kind]),
      [
        [2, "onbuild"],
        [2, "git-clone"],
      ],
    ));

  it("names the line of a command in a chain, a loop, a nested script and a shell's here-document", () => {
    const text = [
      "FROM debian",
      "RUN set -e; \\",
      "    # a comment, and an empty line",
      "",
      "    for u in a b; do \\",
      "      curl -O https://x.test/$u; \\",
      "    done && ( cd /x \\",
      "      && git clone https://x.test/r ) \\",
      "    && sh -c 'ls; \\",
      "      npx y' | cat",
      'RUN ["sh", "-c", \\',
      '  "apk add x"]',
      "RUN bash -e <<EOF",
      "cat <<'TXT'",
      "git clone no",
      "TXT",
      "  sudo \\",
      "    -u app \\",
      "    gem install x",
      "EOF",
      "RUN conda install x",
    ].join("\n");
    assert.deepEqual(
      find(text).map(({ line, kind }) => [line, kind]),
      [
        [6, "download"],
        [8, "git-clone"],
        [10, "npx"],
        [12, "apk-add"],
        [19, "gem-install"],
        [21, "conda-install"],
      ],
    );
  });

  describe("and a version that a recipe asks apt for", () => {
    const packages = [
      { ecosystem: "dpkg" as const, name: "git", version: "1:2.39.5-0+deb12u2" },
      { ecosystem: "pip" as const, name: "curl", version: "7" },
    ];
    const asked = (instructions: string): string[] =>
      findUnpinned(
        parseDockerfile(`FROM debian\n${instructions}\n`),
        { platform: "linux/amd64" },
        { packages },
      ).map(({ reason }) => reason.replace(/^.*pin packages/, ""));
    it("is left out where the lock has the very same, through ARG and ENV too", () => {
      assert.deepEqual(asked("RUN apt-get install -y git=1:2.39.5-0+deb12u2"), []);
      assert.deepEqual(asked("RUN apt-get install -y git:amd64=1:2.39.5-0+deb12u2"), []);
      assert.deepEqual(asked('ARG V=1:2.39.5-0+deb12u2\nRUN apt-get install -y "git=${V}"'), []);
    });
    it("is listed where the lock has another, or none", () => {
      assert.deepEqual(asked("RUN apt-get install git=1:2.39.5"), [", and the lock has 1:2.39.5-0+deb12u2."]);
      assert.deepEqual(asked("RUN apt-get install curl=7"), [", and mirrors drop it."]);
      assert.deepEqual(asked("RUN apt-get install git=1:2.39.*"), [", and mirrors drop it."]);
    });
    it("is listed where only the shell knows it", () => {
      const shell = [", and this one is only known to the shell."];
      assert.deepEqual(asked("RUN apt-get install git=$(cat v)"), shell);
      assert.deepEqual(asked("RUN apt-get install git=$V"), shell);
      assert.deepEqual(asked("ENV V=1:2.39.5-0+deb12u2\nRUN V=2 && apt-get install git=$V"), shell);
    });
    it("goes past the lock with a suite in any case", () =>
      assert.equal(asked("RUN apt-get install -t sid git=1:2.39.5-0+deb12u2").length, 1));
  });

  describe("and ONBUILD instructions of a base image", () => {
    const triggers = new Map([
      ["node:onbuild", ["COPY . /app", "RUN  npm install", "ADD https://x.test/f /f"]],
    ]);
    const settings = { platform: "linux/amd64" };
    it("names those that fetch or run something, at the line of the FROM", () =>
      assert.deepEqual(findUnpinned(parseDockerfile("# a\nFROM node:onbuild\n"), settings, { triggers }), [
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
      assert.deepEqual(findUnpinned(parseDockerfile(text), settings, { triggers }), []);
      const copies = new Map([["debian", ["COPY . /app", "ENV A=b"]]]);
      assert.deepEqual(findUnpinned(parseDockerfile(text), settings, { triggers: copies }), []);
    });
  });

  it("survives deep nesting and open quotes", () => {
    assert.deepEqual(kinds(`RUN ${"$(".repeat(20_000)} git clone "x`), ["git-clone"]);
    assert.deepEqual(kinds(`RUN echo "${"`".repeat(5_001)}`), []);
  });
});
