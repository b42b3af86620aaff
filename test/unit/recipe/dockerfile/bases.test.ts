import assert from "node:assert/strict";
import { externalImages } from "../../../../provider/recipe/dockerfile/bases";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { instrument } from "../../../../provider/recipe/dockerfile/instrument";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { neededStages, stageBases, targetStage } from "../../../../provider/recipe/dockerfile/stages";

const settings = (more: Partial<RecipeSettings> = {}): RecipeSettings => ({
  platform: "linux/amd64",
  ...more,
});
const needed = (text: string, more?: Partial<RecipeSettings>): number[] =>
  neededStages(parseDockerfile(text), settings(more));
const images = (text: string, more?: Partial<RecipeSettings>): unknown[] =>
  externalImages(parseDockerfile(text), settings(more)).map(({ reference, uses }) => [
    reference,
    ...uses.map(({ kind, line, start, end }) => `${kind} ${line} ${text.slice(start, end)}`),
  ]);

const STAGES =
  "FROM debian AS one\nFROM one AS two\nFROM alpine AS unused\nFROM scratch\nCOPY --from=TWO / /\n" +
  "RUN --mount=type=bind,from=one,target=/x ls\n";

describe("neededStages", () => {
  it("follows FROM, COPY --from and mounts, by name in any case or by number", () => {
    assert.deepEqual(needed(STAGES), [0, 1, 3]);
    assert.deepEqual(needed("FROM a\nFROM b\nFROM c\nCOPY --from=1 / /\n"), [1, 2]);
  });
  it("takes a number in a mount for an image, as BuildKit does", () => {
    const text = "FROM a\nFROM b\nRUN --mount=type=bind,from=0,target=/x ls\n";
    assert.deepEqual(needed(text), [1]);
    assert.deepEqual(images(text), [
      ["b", "from 2 b"],
      ["0", "mount-from 3 0"],
    ]);
  });
  it("follows a mount by name", () =>
    assert.deepEqual(needed("FROM a AS x\nFROM b AS y\nFROM c\nRUN --mount=from=y,target=/q ls\n"), [1, 2]));
  it("stops at the target", () => assert.deepEqual(needed(STAGES, { target: "Two" }), [0, 1]));
  it("takes a number as target", () => assert.deepEqual(needed(STAGES, { target: "2" }), [2]));
  it("follows a FROM whose variable names a stage", () => {
    const text = "ARG WHICH=a\nFROM debian AS a\nFROM alpine AS b\nFROM $WHICH\n";
    assert.deepEqual(needed(text), [0, 2]);
    assert.deepEqual(needed(text, { buildArgs: { WHICH: "b" } }), [1, 2]);
  });
  it("follows a FROM by architecture", () =>
    assert.deepEqual(
      needed("FROM a AS base-amd64\nFROM b AS base-arm64\nFROM base-${TARGETARCH}\n", {
        platform: "linux/arm64",
      }),
      [1, 2],
    ));
  it("ends where stages copy from each other", () =>
    assert.deepEqual(needed("FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nCOPY --from=x / /\n"), [0, 1]));
  it("leaves ONBUILD sources to other builds", () =>
    assert.deepEqual(needed("FROM a AS x\nFROM b\nONBUILD COPY --from=x / /\n"), [1]));
  it("names the known stages for an unknown target", () => {
    const parsed = parseDockerfile(STAGES);
    assert.throws(
      () => targetStage(parsed, "three"),
      (error) => error instanceof RecipeError && error.message.endsWith("The stages are: one, two, unused."),
    );
    assert.throws(() => targetStage(parsed, "4"), RecipeError);
  });
  it("refuses the number of a stage that is not there, and a variable", () => {
    assert.throws(() => needed("FROM a\nCOPY --from=3 / /\n"), /line 2: from=3 names no stage/);
    assert.throws(() => needed("FROM a\nCOPY --from=$X / /\n"), /Add a stage "FROM \$X AS <name>"/);
  });
  it("takes only earlier stages for FROM, so a stage may have the name of its own base", () =>
    assert.deepEqual(stageBases(parseDockerfile("FROM debian AS debian\nFROM Debian\n"), settings()), [
      { kind: "image", reference: "debian" },
      { kind: "stage", index: 0 },
    ]));
});

describe("externalImages", () => {
  it("lists each reference once with all its uses, only of needed stages, without scratch", () =>
    assert.deepEqual(
      images(
        "ARG V=12\nFROM debian:$V AS a\nFROM unused:1\nFROM scratch\nCOPY --from=nginx:1 / /\nCOPY --from=a / /\n" +
          "COPY --from=debian:12 / /\nRUN --mount=type=bind,from=nginx:1,target=/x ls\n",
      ),
      [
        ["debian:12", "from 2 debian:$V", "copy-from 7 debian:12"],
        ["nginx:1", "copy-from 5 nginx:1", "mount-from 8 nginx:1"],
      ],
    ));

  it("expands the platform flag of a FROM", () => {
    const [image] = externalImages(
      parseDockerfile("FROM --platform=$BUILDPLATFORM debian\n"),
      settings({ platform: "linux/arm64", buildPlatform: "linux/amd64" }),
    );
    assert.equal(image?.uses[0]?.platform, "linux/amd64");
  });

  it("removes quotes around an image", () =>
    assert.deepEqual(images('FROM "debian:12"\n')[0], ["debian:12", 'from 1 "debian:12"']));

  it("names line and ARG where an image comes out empty or cut off", () => {
    assert.throws(
      () => images("ARG BASE\n\nFROM $BASE\n"),
      /^RecipeError: Recipe, line 3: .*BASE has no value here/,
    );
    assert.throws(() => images("FROM debian:${TAG}\n"), /comes out as "debian:".*TAG has no value/);
  });

  it("does not see ARGs of a stage in a later FROM", () =>
    assert.throws(() => images("FROM debian\nARG X=alpine\nFROM $X\n"), /line 3/));

  it("has no values for names every object has", () =>
    assert.throws(() => images("ARG constructor\nFROM $constructor\n"), /constructor has no value/));
});

describe("externalImages: odd spellings", () => {
  const SPELLINGS: [string, string][] = [
    ["FROM img:1", "img:1"],
    ["from img:1 as x", "img:1"],
    ['FROM "img:1"', '"img:1"'],
    ["FROM 'img:1' AS x", "'img:1'"],
    ["ARG I=img\nFROM ${I}:1", "${I}:1"],
    ["ARG I\nFROM ${I:-img:1}", "${I:-img:1}"],
    ["ARG V=1\nFROM img:$V", "img:$V"],
    ['ARG I="img:1"\nFROM $I', "$I"],
    ["FROM --platform=linux/amd64 img:1", "img:1"],
    ["FROM \\\n  img:1 \\\n  AS x", "img:1"],
    ["FROM scratch\nCOPY --from=img:1 / /", "img:1"],
    ["FROM scratch\ncopy --link --from=img:1 --chown=0 / /", "img:1"],
    ['FROM scratch\nCOPY --from="img:1" / /', "img:1"],
    ['FROM scratch\nCOPY --from=\'img:1\' ["/a", "/b"]', "img:1"],
    ["FROM scratch\nRUN --mount=type=bind,from=img:1,target=/m ls", "img:1"],
    ["FROM scratch\nRUN --mount=from=img:1,target=/m ls", "img:1"],
    ["FROM scratch\nRUN --mount=target=/m,type=bind,from=img:1 ls", "img:1"],
    ["FROM scratch\nRUN --mount=TYPE=bind,FROM=img:1,target=/m ls", "img:1"],
    ['FROM scratch\nRUN --mount=type=bind,from="img:1",target=/m ls', "img:1"],
    ['FROM scratch\nRUN --mount="type=bind,from=img:1,target=/m" ls', "img:1"],
    ['FROM scratch\nRUN --mount="target=/m,from=img:1" ls', "img:1"],
    ['FROM scratch\nRUN --mount=type=bind,target=/m,"from=img:1" ls', "img:1"],
    ["FROM scratch\nRUN --mount=type=cache,target=/c --mount=from=img:1,target=/m ls", "img:1"],
    ['FROM scratch\nRUN --network=none \\\n  --mount=from=img:1,target=/m \\\n  ["ls"]', "img:1"],
  ];
  for (const [text, place] of SPELLINGS) {
    it(`finds and pins the image of ${JSON.stringify(text)}`, () => {
      const parsed = parseDockerfile(`${text}\n`);
      const found = externalImages(parsed, settings());
      assert.deepEqual(
        found.map(({ reference, uses }) => [
          reference,
          ...uses.map(({ start, end }) => text.slice(start, end)),
        ]),
        [["img:1", place]],
      );
      const bases = new Map([["img:1", "img@sha256:00"]]);
      const pinned = instrument(parsed, settings(), { bases });
      assert.deepEqual(
        externalImages(parseDockerfile(pinned), settings()).map(({ reference }) => reference),
        ["img@sha256:00"],
      );
    });
  }
});
