import assert from "node:assert/strict";
import { externalImages } from "../../../../provider/recipe/dockerfile/bases";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { instrument } from "../../../../provider/recipe/dockerfile/instrument";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { neededStages, stageBases, targetStage } from "../../../../provider/recipe/dockerfile/stages";
import { each } from "../../../support/each";
import { table } from "../../../support/table";

const settings: RecipeSettings = { platform: "linux/amd64" };
const needed = (text: string, more: Partial<RecipeSettings> = {}): number[] =>
  neededStages(parseDockerfile(text), { ...settings, ...more });
/** Each image, and with it `kind line text` of each place that names it. */
const images = (text: string): Record<string, string[]> =>
  Object.fromEntries(
    externalImages(parseDockerfile(text), settings).map(({ reference, uses }) => [
      reference,
      uses.map(({ kind, line, start, end }) => `${kind} ${line} ${text.slice(start, end)}`),
    ]),
  );

const STAGES =
  "FROM debian AS one\nFROM one AS two\nFROM alpine AS unused\nFROM scratch\nCOPY --from=TWO / /\n" +
  "RUN --mount=type=bind,from=one,target=/x ls\n";
const MOUNT = "FROM a\nFROM b\nRUN --mount=type=bind,from=0,target=/x ls\n";
const TRIGGERED =
  "FROM a AS x\nFROM b\nFROM c AS base\nONBUILD COPY --from=X / /\nONBUILD COPY --from=1 / /\n" +
  "ONBUILD COPY --from=alpine:3 /etc /e\nONBUILD ADD a b\nONBUILD RUN --mount=from=nginx:1,target=/x ls\n" +
  "FROM d AS unused\nFROM base\n";

describe("neededStages", () => {
  const ARCHES = "FROM a AS base-amd64\nFROM b AS base-arm64\nFROM base-${TARGETARCH}\n";
  const CHOSEN = "ARG WHICH=a\nFROM debian AS a\nFROM alpine AS b\nFROM $WHICH\n";
  // The recipe; the target; the stages.
  table()`
    follows FROM, COPY --from and mounts, by name in any case ¦ ${STAGES} ¦ ¦ 0 1 3
    follows COPY --from by number ¦ FROM a\nFROM b\nFROM c\nCOPY --from=1 / /\n ¦ ¦ 1 2
    takes a number in a mount for an image, as BuildKit does ¦ ${MOUNT} ¦ ¦ 1
    follows a mount by name ¦ FROM a AS x\nFROM b AS y\nFROM c\nRUN --mount=from=y,target=/q ls\n ¦ ¦ 1 2
    stops at the target ¦ ${STAGES} ¦ Two ¦ 0 1
    takes a number as target ¦ ${STAGES} ¦ 2 ¦ 2
    follows a FROM whose variable names a stage ¦ ${CHOSEN} ¦ ¦ 0 2
    ends where stages copy from each other
      ¦ FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nCOPY --from=x / /\n ¦ ¦ 0 1
    follows what a stage triggers, by name and number ¦ ${TRIGGERED} ¦ ¦ 0 1 2 4
    follows what is triggered in a RUN, and no further than the next stage
      ¦ FROM a AS x\nFROM c AS base\nONBUILD RUN --mount=from=x,target=/x ls\nFROM base AS child\nFROM child\n
      ¦ ¦ 0 1 2 3
    leaves what nothing triggers to other builds ¦ ${TRIGGERED} ¦ base ¦ 2
    leaves ONBUILD sources to other builds ¦ FROM a AS x\nFROM b\nONBUILD COPY --from=x / /\n ¦ ¦ 1
  `((_, text, target, expected) =>
    assert.equal(needed(text, target === "" ? {} : { target }).join(" "), expected),
  );

  it("follows a FROM whose variable a build argument sets", () =>
    assert.deepEqual(needed(CHOSEN, { buildArgs: { WHICH: "b" } }), [1, 2]));
  it("follows a FROM by architecture", () =>
    assert.deepEqual(needed(ARCHES, { platform: "linux/arm64" }), [1, 2]));

  it("follows what a base image triggers, by name and number, and takes the rest for images", () => {
    const text =
      "FROM a AS Maker\nFROM b\nFROM c AS mounted\nFROM d AS unused\nFROM base:1\nFROM e AS later\n";
    const copies = ["--chown=1 --from=MAKER /x /x", "--from=1 --chmod=700 /x /x"];
    const images = ["--from=later / /", "--from=alpine:3 /a /a"];
    const runs = ["type=bind,from=mounted,target=/x echo --from=3", "from=3,target=/x true"];
    const base = [
      ...[...copies, ...images].map((one) => `COPY ${one}`),
      ...runs.map((one) => `RUN --mount=${one}`),
    ];
    assert.deepEqual(needed(text, { target: "4", triggers: new Map([["base:1", base]]) }), [0, 1, 2, 4]);
  });

  it("names the known stages for an unknown target", () => {
    const message = /The stages are: one, two, unused\.$/;
    for (const target of ["three", "4"])
      assert.throws(() => targetStage(parseDockerfile(STAGES), target), { name: "RecipeError", message });
  });
  it("refuses the number of a stage that is not there, and a variable", () => {
    assert.throws(() => needed("FROM a\nCOPY --from=3 / /\n"), /line 2: from=3 names no stage/);
    assert.throws(() => needed("FROM a\nCOPY --from=$X / /\n"), /Add a stage "FROM \$X AS <name>"/);
  });
  it("takes only earlier stages for FROM, so a stage may have the name of its own base", () =>
    assert.deepEqual(stageBases(parseDockerfile("FROM debian AS debian\nFROM Debian\n"), settings), [
      { kind: "image", reference: "debian" },
      { kind: "stage", index: 0 },
    ]));
});

describe("externalImages", () => {
  const TWICE =
    "ARG V=12\nFROM debian:$V AS a\nFROM unused:1\nFROM scratch\nCOPY --from=nginx:1 / /\nCOPY --from=a / /\n" +
    "COPY --from=debian:12 / /\nRUN --mount=type=bind,from=nginx:1,target=/x ls\n";
  it("lists each reference once with all its uses, only of needed stages, without scratch", () =>
    assert.deepEqual(images(TWICE), {
      "debian:12": ["from 2 debian:$V", "copy-from 7 debian:12"],
      "nginx:1": ["copy-from 5 nginx:1", "mount-from 8 nginx:1"],
    }));
  it("takes a number in a mount for an image, as BuildKit does", () =>
    assert.deepEqual(images(MOUNT), { b: ["from 2 b"], 0: ["mount-from 3 0"] }));

  it("lists and pins what stages trigger, once however many trigger it, and renumbers stages there", () => {
    const text = `${TRIGGERED}COPY --from=unused / /\nFROM base\nCOPY --from=4 / /\n`;
    const from = { a: ["from 1 a"], b: ["from 2 b"], c: ["from 3 c"], d: ["from 9 d"] };
    const triggered = { "alpine:3": ["copy-from 6 alpine:3"], "nginx:1": ["mount-from 8 nginx:1"] };
    assert.deepEqual(images(text), { ...from, ...triggered });
    const bases = new Map([["alpine:3", "alpine@sha256:00"]]);
    const header = "FROM h AS pins\n";
    const pinned = instrument(parseDockerfile(text), settings, { bases, header });
    const moved = text.replace("--from=1", "--from=2").replace("--from=4", "--from=5");
    assert.equal(pinned, header + moved.replace("alpine:3", "alpine@sha256:00"));
  });
  it("leaves ONBUILD alone where nothing triggers it", () => {
    const text = TRIGGERED.replace(/FROM base\n$/, "FROM c\n");
    assert.deepEqual(images(text), { c: ["from 10 c"] });
    const header = "FROM h AS pins\n";
    assert.equal(instrument(parseDockerfile(text), settings, { header }), header + text);
  });

  it("expands the platform flag of a FROM", () => {
    const platforms = { platform: "linux/arm64", buildPlatform: "linux/amd64" };
    const [image] = externalImages(parseDockerfile("FROM --platform=$BUILDPLATFORM debian\n"), platforms);
    assert.equal(image?.uses[0]?.platform, "linux/amd64");
  });

  table()`
    names line and ARG of an empty image
      ¦ ARG BASE\n\nFROM $BASE\n ¦ ^RecipeError: Recipe, line 3: .*BASE has no value here
    names the ARG where an image comes out cut off
      ¦ FROM debian:\${TAG}\n ¦ comes out as "debian:".*TAG has no value
    does not see ARGs of a stage in a later FROM ¦ FROM debian\nARG X=alpine\nFROM $X\n ¦ line 3
    has no values for names every object has ¦ ARG constructor\nFROM $constructor\n ¦ constructor has no value
  `((_, text, message) => assert.throws(() => images(text), new RegExp(message)));
});

describe("externalImages: odd spellings", () => {
  each("finds and pins the image of %j", [
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
  ])((text, place) => {
    const [found, ...more] = externalImages(parseDockerfile(`${text}\n`), settings);
    assert.deepEqual([found?.reference, more.length], ["img:1", 0]);
    const places = found?.uses.map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(places, [place]);
    const bases = new Map([["img:1", "img@sha256:00"]]);
    const pinned = instrument(parseDockerfile(`${text}\n`), settings, { bases });
    assert.deepEqual(Object.keys(images(pinned)), ["img@sha256:00"]);
  });
});
