import assert from "node:assert/strict";
import { ancestry } from "../../../../provider/recipe/apt-records/ancestry";
import type { RecordedStep } from "../../../../provider/recipe/apt-records/read-records";
import {
  placeRecords,
  type PlacedRecord,
  type StageRecords,
} from "../../../../provider/recipe/apt-records/stage-records";
import { withRecords, type SeenStage } from "../../../../provider/recipe/apt-records/with-records";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { each } from "../../../support/each";
import { inShort, packageOf } from "../../packages/in-short";

/** A package of Debian's where no ecosystem is named; a record's hash is #a unless it says another one. */
const debian = (short: string): ReturnType<typeof packageOf> =>
  packageOf(/^\w+:\D/.test(short) ? short : `dpkg:${short}`);
/** `a@1 gone until 2`: what RUN 2 unpacked. */
const record = (short: string): PlacedRecord => {
  const { name, version, arch, hash = "a", run } = packageOf(`dpkg:${short}`);
  return { name, version, hash, ...(arch && { arch }), ...(run && { run }) };
};
const records = (...shorts: string[]): StageRecords => ({
  records: shorts.map(record),
  preferences: [],
  complete: true,
});
const stage = (label: string | null, packages: string[], own?: StageRecords): SeenStage => ({
  label,
  packages: packages.map(debian),
  own,
  inherited: [own],
});
/** The packages of the image and its stages in short, Debian's without their ecosystem. */
const shown = (final: SeenStage, others: readonly SeenStage[] = []): string[] =>
  withRecords(final, [...others]).packages.map((item) => inShort(item).replace("dpkg:", ""));

describe("withRecords", () => {
  const young = {
    ...stage(null, ["a@1", "b@1", "c@1"]),
    inherited: [records("a@1 #old", "b@1 #old"), records("b@1 #young")],
  };
  const twice = stage(null, ["a@2", "b@1"], records("a@2", "b@1"));
  const builder = stage("builder", ["a@2", "b@1", "own@1"], records("a@1", "b@1", "a@2"));
  const pip = ["pip:urllib3@2 in /usr", "pip:idna@3 in /usr"];
  each("%s", [
    [
      "gives installed packages the hash of what apt unpacked, and calls transient what is gone",
      stage(null, ["base@1", "kept@1", "pip:kept@1"], records("kept@1", "gone@1")),
      [],
      ["base@1", "kept@1 #a", "pip:kept@1", "gone@1 #a gone"],
    ],
    [
      "tells an older version that was replaced, and other bytes, from what is there in the end",
      stage(null, ["a@2", "b@1"], records("a@1", "a@2", "b@1 #x", "b@1 #y")),
      [],
      ["a@2 #a", "b@1 #y", "a@1 #a gone", "b@1 #x gone"],
    ],
    [
      "names a transient once however often it came, and keeps architectures apart",
      stage(null, ["a@1"], records("a:i386@1", "a:i386@1", "a@1")),
      [],
      ["a@1 #a", "a:i386@1 #a gone"],
    ],
    [
      "numbers the last RUN after which a transient was there, also of what comes back later",
      stage(
        null,
        ["a@2"],
        records(...["a@2", "a@1", "a@2"].map((item, at) => `${item} gone until ${2 * at + 1}`)),
      ),
      [],
      ["a@2 #a", "a@2 #a gone until 2", "a@1 #a gone until 4"],
    ],
    [
      "has what pip and npm tell of the stage among the transients",
      { ...stage("b", ["pip:x@2 in /v"]), superseded: [packageOf("pip:x@1 in /v gone until 1")] },
      [],
      ["pip:x@2 in /v", "pip:x@1 in /v of b gone until 1"],
    ],
    [
      "takes a hash from the stages that a stage is built on, the youngest first, and from no other",
      young,
      [stage("other", ["c@1"], records("c@1"))],
      ["a@1 #old", "b@1 #young", "c@1", "c@1 #a of other"],
    ],
    [
      "does not repeat for a stage what the image has, unless the stage had that name as a transient too",
      twice,
      [builder],
      ["a@2 #a", "b@1 #a", "a@2 #a of builder", "own@1 of builder", "a@1 #a of builder gone"],
    ],
    [
      "repeats a name that the stage has at another place or version as well",
      stage(null, pip),
      [stage("builder", [...pip, "pip:urllib3@1 in /venv"])],
      [...pip, "pip:urllib3@2 in /usr of builder", "pip:urllib3@1 in /venv of builder"],
    ],
  ])((_, final, others, expected) => assert.deepEqual(shown(final, others), expected));

  it("says of which stages records are missing", () => {
    const clipped = { records: [], preferences: [], complete: false };
    const stages = [stage("a", [], clipped), stage("b", [], records()), stage("2", [])];
    assert.deepEqual(withRecords(stage(null, [], clipped), stages).incomplete, ["", "a"]);
    assert.deepEqual(withRecords(stage(null, [], records()), []).incomplete, []);
  });
});

describe("placeRecords", () => {
  const given = ({ index }: { index: number }): string => `given-${index}`;
  const TWO = "FROM a AS Builder\nFROM b\n";
  const step = (name: string | null, found = "a@1", complete = true): RecordedStep => ({
    stage: name,
    runsAfter: null,
    records: [record(found)],
    preferences: [],
    complete,
  });

  each("%s", [
    ["finds a stage by its name", TWO, "builder", [0]],
    ["finds a stage by its number", TWO, "stage-1", [1]],
    ["finds a stage by the name that it was given", TWO, "given-1", [1]],
    ["finds the only stage without a name", "FROM a\n", null, [0]],
    ["prefers a name to a number", "FROM a AS stage-1\nFROM b\nFROM c\n", "stage-1", [0]],
    ["takes every stage's records for incomplete where it finds none of the name", TWO, "nobody", []],
    ["takes every stage's records for incomplete where it has no name", TWO, null, []],
  ])((_, text, name, expected) => {
    const placed = [...placeRecords([step(name)], parseDockerfile(text), given)];
    assert.deepEqual(
      placed.filter(([, found]) => found.complete).map(([index]) => index),
      expected,
    );
  });

  it("counts the RUNs of the recipe from the end, as a base image's own come before them", () => {
    const text = "FROM a\nRUN x\nCOPY a a\nRUN y\n";
    const steps = [2, 1, 0].map((runsAfter) => ({ ...step(null), runsAfter }));
    const placed = placeRecords(steps, parseDockerfile(text), given).get(0);
    assert.deepEqual(
      placed?.records.map(({ run }) => run),
      [undefined, 1, 2],
    );
  });

  it("puts the steps of a stage together; one that is incomplete makes the stage so", () => {
    const steps = [step("builder"), step("builder", "b@1", false)];
    const placed = placeRecords(steps, parseDockerfile(TWO), given).get(0);
    assert.deepEqual(placed, { records: [record("a@1"), record("b@1")], preferences: [], complete: false });
  });
});

describe("ancestry", () => {
  const FROM = "FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\nCOPY --from=y / /\n";
  const COPIES = "FROM a AS x\nFROM x AS y\nFROM scratch\nCOPY --from=y / /\nCOPY --from=x / /\n";
  each("is what %s", [
    ["a stage is FROM, oldest first", FROM, 3, [0, 2, 3]],
    ["it copies from as well, where no base image has brought any package", COPIES, 2, [0, 1, 2]],
  ])((_, text, index, expected) =>
    assert.deepEqual(ancestry(parseDockerfile(text), { platform: "linux/amd64" }, index), expected),
  );
});
