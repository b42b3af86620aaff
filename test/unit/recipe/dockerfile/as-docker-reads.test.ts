import assert from "node:assert/strict";
import { externalImages } from "../../../../provider/recipe/dockerfile/bases";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { expandVariables } from "../../../../provider/recipe/dockerfile/expand";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type Instruction } from "../../../../provider/recipe/dockerfile/types";
import { each } from "../../../support/each";

// What these tables expect is what BuildKit 0.31 gives for the same inputs.

const VALUES: Readonly<Record<string, string>> = {
  ...{ A: "a", EMPTY: "", FILE: "foo/bar.tar.gz", TWICE: "aabbaabb", SIGNS: "a*b?c\\d}e/f" },
  ...{ LINES: "a\nb\nab", DOLLAR: "$0$$x", TAG: "debian:bookworm-slim" },
};

describe("expandVariables, as BuildKit does", () => {
  const expand = (text: string, escape: "\\" | "`" = "\\"): string =>
    expandVariables(text, (name) => VALUES[name], escape);

  // Each with what it is.
  const EXPANDED = [
    // The shortest and the longest match at the start, and at the end.
    ...["${FILE#*/} = bar.tar.gz", "${FILE#*o} = o/bar.tar.gz", "${FILE##*o} = /bar.tar.gz"],
    ...["${FILE#bar} = foo/bar.tar.gz", "${FILE%.*} = foo/bar.tar", "${FILE%%.*} = foo/bar"],
    ...["${FILE%.g?} = foo/bar.tar", "${FILE%%*} = ", "${FILE%} = foo/bar.tar.gz"],
    ...["${TAG##*:}-${TAG%%:*} = bookworm-slim-debian", "${TAG#${TAG%%:*}} = :bookworm-slim"],
    ...["${NONE#x}${NONE%x}${EMPTY##*} = ", "'${A#a}'\"${A#a}\" = ${A#a}"],
    ...["${LINES#*b} = a\nb\nab", "${LINES#a?b} = a\nb\nab"],
    // Wildcards that are escaped; a bracket is no wildcard.
    ...["${SIGNS#a\\*} = b?c\\d}e/f", "${SIGNS#a?b\\?c} = \\d}e/f", "${SIGNS##*\\\\} = d}e/f"],
    ...["${SIGNS%\\}*} = a*b?c\\d", "${A#[a]} = a"],
    // The first match, or all of them.
    ...[
      "${TWICE/b/x} = aaxbaabb",
      "${TWICE//b/x} = aaxxaaxx",
      "${TWICE//b*b/-} = aa-",
      "${TWICE/bb/} = aaaabb",
    ],
    ...["${TWICE//a?/<>} = <>bb<>bb", "${FILE/\\//:} = foo:bar.tar.gz", "${FILE//[o.]/x} = foo/bar.tar.gz"],
    ...["${A//x*/-} = a", "${A///-} = -a-", "${A/a/$TAG} = debian:bookworm-slim"],
    ...["${A/a/$DOLLAR}|${A//a/$DOLLAR} = $0$$x|a$x", "${NONE/x/y} = "],
    // Words after :- and the like, nested.
    ...["${NONE:-${EMPTY:-${A%x}}}/${A:+${NONE:-'x y'}} = a/x y"],
    ...["${NONE:-\\}}|${NONE-$A}|${A:?must}|${EMPTY?must} = }|a|a|", "${NONE:-${FILE#*/}} = bar.tar.gz"],
    // Names, and what is no name.
    ...["$1x ${1:-b} ${@:-c} $$ $. {$A}} = x b c  $. {a}}", "${NONE:-bbb {foo} = bbb {foo"],
    ...["한${A}국$A국 = 한a국"],
    // Quotes and escapes.
    ...[
      "he\\'llo \\\" \\\\ = he'llo \" \\",
      "\"a'$A'\"'\"$A\"' = a'a'\"$A\"",
      '"a\\tb\\\\c" = a\\tb\\c',
      "a\\ = a",
    ],
  ];
  for (const [written = "", expected = ""] of EXPANDED.map((one) => one.split(" = ")))
    it(`${written} is ${JSON.stringify(expected)}`, () => assert.equal(expand(written), expected));

  const REFUSED = [
    ...["${A:#x}", "${A^}", "${A=x}", "${A:=x}", "${A:x}", "${:-x}", "${{A}}", "${.}", "${A/x}", "${A/x/y"],
    ...["${A#x", "${A#\\x}", "${EMPTY:?}", "${NONE?say why}", "he\\\\'llo", '"hello\\"'],
  ];
  for (const written of REFUSED)
    it(`${written} is refused`, () => assert.throws(() => expand(written), RecipeError));

  it("says which forms Docker knows", () =>
    assert.throws(() => expand("${A^^}"), {
      message:
        'Recipe: "${A^^}" uses ${A^...}, which Docker does not know. After the name it knows ' +
        ":- :+ :? - + ? # ## % %% / and //.",
    }));

  it("takes the recipe's own escape character", () =>
    assert.equal(expand("${SIGNS#a`*}|`$A|\\", "`"), "a*b?c\\d}e/f|$A|\\"));

  it("refuses ARGs that double each other, instead of filling the memory", () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `ARG V${i + 1}=$V${i}$V${i}\n`).join("");
    const text = `ARG V0=0123456789\n${doubling}FROM debian:$V60\n`;
    assert.throws(() => externalImages(parseDockerfile(text), { platform: "linux/amd64" }), /1 MiB/);
  });

  it("refuses a pattern and a value that take too long together", () => {
    const stars = "*a".repeat(20_000);
    assert.throws(() => expandVariables(`\${V##${stars}}`, () => "a".repeat(20_000)), /too long/);
  });

  it("reads the base image of a FROM with a pattern", () => {
    const text =
      "ARG GO=1.22.3\nARG NAME=golang-x\nFROM ${NAME%-*}:${GO%.*}\nCOPY --from=alpine:3 a b\nRUN true\n";
    const found = externalImages(parseDockerfile(text), { platform: "linux/amd64" });
    assert.equal(found.map(({ reference }) => reference).join(), "golang:1.22,alpine:3");
  });
});

describe("parseDockerfile, as BuildKit does", () => {
  const instructions = (text: string): Instruction[] =>
    parseDockerfile(`FROM a\n${text}\nUSER end\n`).stages.flatMap((stage) => stage.instructions);
  const variables = (text: string): (string | null)[] => {
    const [first] = instructions(text);
    return first && "assignments" in first
      ? first.assignments.flatMap(({ name, value }) => [name, value])
      : [];
  };

  each("the variables of %j are %j", [
    ["ENV abc=\\'foo\\' abc2=\\\"foo\\\"", ["abc", "\\'foo\\'", "abc2", '\\"foo\\"']],
    ["ENV abc=\\'foo\\' def=\"x y\"\\ z", ["abc", "\\'foo\\'", "def", '"x y"\\ z']],
    ['ENV a=\'b\\\' c="d\\" e" f=', ["a", "'b\\'", "c", '"d\\" e"', "f", ""]],
    ["ENV a=b\\ \\ c d=e", ["a", "b\\ \\ c", "d", "e"]],
    ["ENV a  b   c\td", ["a", "b   c\td"]],
    ["ENV a one \\\n\ttwo \\\n\tthree", ["a", "one \ttwo \tthree"]],
    ['ENV a "b  c" \'d', ["a", '"b  c" \'d']],
    ["ENV a=one\\\n\ttwo=2", ["a", "one", "two", "2"]],
    ["ENV 'a b'=c", ["'a b'", "c"]],
    ["ENV a==b c=d=e", ["a", "=b", "c", "d=e"]],
    ["ENV C trailing\\\\\nENV D next", ["C", "trailing\\\\"]],
    ["ENV C \\\n# why\n\n  value", ["C", "value"]],
    ["ARG a b=\"c d\" e='f'", ["a", null, "b", '"c d"', "e", "'f'"]],
    ["ARG \\'a", ["\\'a", null]],
  ])((text, expected) => assert.deepEqual(variables(text), expected));

  const bodies = (text: string): string[] => {
    const whole = `FROM a\n${text}\nUSER end\n`;
    return instructions(text).flatMap(({ heredocs }) =>
      heredocs.map(({ start, end }) => whole.slice(start, end)),
    );
  };
  each("the here-documents of %j are %j", [
    ["RUN << EOF\nls\nEOF", ["ls\n"]],
    ["RUN <<\tEOF sh\nls\nEOF", ["ls\n"]],
    ["RUN <<  'A B'\nls\nA B", ["ls\n"]],
    ["COPY << one <<two /x/\n1\none\n2\ntwo", ["1\n", "2\n"]],
    ["RUN <<- EOF", []],
    ["RUN echo $((1 << 2))", []],
    ["RUN << EOF", []],
    ["RUN a<<EOF", []],
    ["RUN cat <<<EOF", []],
    ["RUN cat '<<EOF' \"<<EOF\" \\<<EOF", []],
    ["RUN a=${b%\\.x} cat <<EOF\nls\nEOF", ["ls\n"]],
    ["RUN a=${b/x/y} cat <<EOF\nls\nEOF", ["ls\n"]],
    ["RUN a=${b:?say why} cat <<EOF\nls\nEOF", ["ls\n"]],
    ["RUN a=${b^^} cat <<EOF", []],
    ["RUN a='b cat <<EOF", []],
    ["RUN <<E\\OF\nls\nEOF", ["ls\n"]],
    ['RUN <<"E\\OF"\nls\nE\\OF', ["ls\n"]],
    ["RUN --network=none <<EOF\nls\nEOF", ["ls\n"]],
    ['RUN --network=none ["cat", "<<EOF"]', []],
    ["ONBUILD RUN << EOF\nls\nEOF", ["ls\n"]],
    ["LABEL a=<<EOF", []],
  ])((text, expected) => {
    assert.deepEqual(bodies(text), expected);
    assert.equal(instructions(text).at(-1)?.args.text, "end");
  });

  each("the flags of %j are %j", [
    ['RUN --mount="type=secret,id=a b" ls', ["mount type=secret,id=a b", "ls"]],
    ["RUN --mount=type=cache,target=/a\\ b ls", ["mount type=cache,target=/a b", "ls"]],
    ["RUN --network=none --  --mount=x ls", ["network none", "--mount=x ls"]],
    ["RUN '--network=none' ls", ["'--network=none' ls"]],
    ["RUN\t--network=none\t\\\n  ls", ["network none", "ls"]],
    ["COPY --link --chown=1:1 a b", ["link null", "chown 1:1", "a b"]],
    [
      "RUN --network=none --mount=type=cache,target=/x ls",
      ["network none", "mount type=cache,target=/x", "ls"],
    ],
    ["RUN --network=none", ["network none", ""]],
    ["CMD", [""]],
    ["ENTRYPOINT", [""]],
  ])((text, expected) => {
    const [{ flags, args }] = instructions(text) as [Instruction];
    assert.deepEqual([...flags.map(({ name, value }) => `${name} ${value}`), args.text], expected);
  });

  each("the sources of %j are %j", [
    ['COPY --from="one" a b', ["one"]],
    ["COPY --from='one' a b", ["one"]],
    ["RUN --mount='type=bind,from=one,target=/x y' ls", ["one"]],
    ["RUN --mount='\"from=one\",target=/x' ls", ["one"]],
    ["RUN --mount=from=one --mount=type=bind,FROM=two ls", ["one", "two"]],
    ["COPY --link --from=0 --chown=1:1 a b", ["0"]],
    ["COPY a b", []],
    ["ADD --from=one a b", []],
  ])((text, expected) => {
    const whole = `FROM a\n${text}\nUSER end\n`;
    const found = instructions(text).flatMap((one) => ("sources" in one ? one.sources : []));
    const [written, slices] = [
      found.map((one) => one.written),
      found.map(({ start, end }) => whole.slice(start, end)),
    ];
    assert.deepEqual([written, slices], [expected, expected]);
  });
});
