import assert from "node:assert/strict";
import { ancestry } from "../../../../provider/recipe/apt-records/ancestry";
import type { AptRecord } from "../../../../provider/recipe/apt-records/read-records";
import { placeRecords, type StageRecords } from "../../../../provider/recipe/apt-records/stage-records";
import { withRecords, type SeenStage } from "../../../../provider/recipe/apt-records/with-records";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import type { LockedPackage } from "../../../../provider/packages/lock/types";

const record = (name: string, version = "1", hash: string | undefined = "sha256:a"): AptRecord => ({
  name,
  version,
  ...(hash === undefined ? {} : { hash }),
});
const records = (...found: AptRecord[]): StageRecords => ({ records: found, complete: true });
const deb = (name: string, version = "1"): LockedPackage => ({ ecosystem: "dpkg", name, version });
const stage = (label: string | null, packages: LockedPackage[], own?: StageRecords): SeenStage => ({
  label,
  packages,
  own,
  inherited: [own],
});
const shown = (items: readonly LockedPackage[]): string[] =>
  items.map(
    (item) =>
      `${item.stage ?? ""}${item.transient ? " gone" : ""} ${item.name} ${item.version} ${item.hash ?? "-"}`,
  );

describe("withRecords", () => {
  it("gives installed packages the hash of what apt unpacked, and calls transient what is gone", () => {
    const { packages, incomplete } = withRecords(
      stage(
        null,
        [deb("base"), deb("kept"), { ...deb("kept"), ecosystem: "pip" }],
        records(record("kept"), record("gone")),
      ),
      [],
    );
    assert.deepEqual(shown(packages), [
      " base 1 -",
      " kept 1 sha256:a",
      " kept 1 -",
      " gone gone 1 sha256:a",
    ]);
    assert.deepEqual(incomplete, []);
  });

  it("tells an older version that was replaced, and other bytes, from what is there in the end", () => {
    const seen = records(
      record("a", "1"),
      record("a", "2"),
      record("b", "1", "sha256:x"),
      record("b", "1", "sha256:y"),
    );
    assert.deepEqual(shown(withRecords(stage(null, [deb("a", "2"), deb("b")], seen), []).packages), [
      " a 2 sha256:a",
      " b 1 sha256:y",
      " gone a 1 sha256:a",
      " gone b 1 sha256:x",
    ]);
  });

  it("names a transient once however often it came, and keeps architectures apart", () => {
    const foreign = { ...record("a"), arch: "i386" };
    const { packages } = withRecords(stage(null, [deb("a")], records(foreign, foreign, record("a"))), []);
    assert.deepEqual(packages, [
      { ...deb("a"), hash: "sha256:a" },
      { ...deb("a"), arch: "i386", hash: "sha256:a", transient: true },
    ]);
  });

  it("takes a hash from the stages that a stage is built on, the youngest first, and from no other", () => {
    const old = records(record("a", "1", "sha256:old"), record("b", "1", "sha256:old"));
    const young = records(record("b", "1", "sha256:young"));
    const final = { ...stage(null, [deb("a"), deb("b"), deb("c")]), inherited: [old, young] };
    const { packages } = withRecords(final, [stage("other", [deb("c")], records(record("c")))]);
    assert.deepEqual(shown(packages), [
      " a 1 sha256:old",
      " b 1 sha256:young",
      " c 1 -",
      "other c 1 sha256:a",
    ]);
  });

  it("does not repeat for a stage what the image has, unless the stage had that name as a transient too", () => {
    const final = stage(null, [deb("a", "2"), deb("b")], records(record("a", "2"), record("b")));
    const builder = stage(
      "builder",
      [deb("a", "2"), deb("b"), deb("own")],
      records(record("a", "1"), record("b"), record("a", "2")),
    );
    assert.deepEqual(shown(withRecords(final, [builder]).packages), [
      " a 2 sha256:a",
      " b 1 sha256:a",
      "builder a 2 sha256:a",
      "builder own 1 -",
      "builder gone a 1 sha256:a",
    ]);
  });

  it("repeats a name that the stage has at another place or version as well", () => {
    const pip = (name: string, version: string, root: string): LockedPackage => ({
      ecosystem: "pip",
      name,
      version,
      root,
    });
    const final = stage(null, [pip("urllib3", "2", "/usr"), pip("idna", "3", "/usr")]);
    const builder = stage("builder", [
      pip("urllib3", "2", "/usr"),
      pip("urllib3", "1", "/venv"),
      pip("idna", "3", "/usr"),
    ]);
    assert.deepEqual(shown(withRecords(final, [builder]).packages), [
      " urllib3 2 -",
      " idna 3 -",
      "builder urllib3 2 -",
      "builder urllib3 1 -",
    ]);
  });

  it("says of which stages records are missing", () => {
    const clipped = { records: [], complete: false };
    const { incomplete } = withRecords(stage(null, [], clipped), [
      stage("a", [], clipped),
      stage("b", [], records()),
      stage("2", []),
    ]);
    assert.deepEqual(incomplete, ["", "a"]);
  });
});

describe("placeRecords", () => {
  const given = ({ index }: { index: number }): string => `given-${index}`;
  const of = (text: string, name: string | null): number[] => {
    const step = { stage: name, records: [record("a")], complete: true };
    const placed = placeRecords([step], parseDockerfile(text), given);
    return [...placed].filter(([, { complete }]) => complete).map(([index]) => index);
  };
  const TWO = "FROM a AS Builder\nFROM b\n";

  it("finds a stage by its name, by the name that it was given, by its number, and the only one without", () => {
    assert.deepEqual(of(TWO, "builder"), [0]);
    assert.deepEqual(of(TWO, "stage-1"), [1]);
    assert.deepEqual(of(TWO, "given-1"), [1]);
    assert.deepEqual(of("FROM a\n", null), [0]);
    assert.deepEqual(of("FROM a AS stage-1\nFROM b\nFROM c\n", "stage-1"), [0]);
  });

  it("takes every stage's records for incomplete where it finds none", () => {
    assert.deepEqual(of(TWO, "nobody"), []);
    assert.deepEqual(of(TWO, null), []);
  });

  it("puts the steps of a stage together; one that is incomplete makes the stage so", () => {
    const steps = [
      { stage: "builder", records: [record("a")], complete: true },
      { stage: "builder", records: [record("b")], complete: false },
    ];
    assert.deepEqual(placeRecords(steps, parseDockerfile(TWO), given).get(0), {
      records: [record("a"), record("b")],
      complete: false,
    });
  });
});

describe("ancestry", () => {
  const of = (text: string, index: number): number[] =>
    ancestry(parseDockerfile(text), { platform: "linux/amd64" }, index);

  it("is what a stage is FROM, oldest first", () =>
    assert.deepEqual(of("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\nCOPY --from=y / /\n", 3), [0, 2, 3]));

  it("is what it copies from as well, where no base image has brought any package", () =>
    assert.deepEqual(
      of("FROM a AS x\nFROM x AS y\nFROM scratch\nCOPY --from=y / /\nCOPY --from=x / /\n", 2),
      [0, 1, 2],
    ));
});
