import assert from "node:assert/strict";
import {
  describedConfiguration,
  describedSame,
  historyKept,
  type Described,
  type HistoryEntry,
} from "../../../provider/engines/docker/described-configuration";

const entry = (CreatedBy: string, Size = 0, Created = 1_800_000_000): HistoryEntry => ({
  Comment: "buildkit.dockerfile.v0",
  Created,
  CreatedBy,
  Size,
});
const image = (layers: number, more: object = {}): Described => ({
  ...{ Id: "sha256:0", RepoTags: ["a:b"], Size: 3, Container: "", DockerVersion: "" },
  Created: "2026-11-21T22:08:04.668892664Z",
  Architecture: "arm64",
  Variant: "v8",
  Os: "linux",
  Author: "",
  Config: {
    Hostname: "",
    Env: ["A=1"],
    Cmd: null,
    ArgsEscaped: true,
    Healthcheck: { Test: ["NONE"] },
    Tty: false,
  },
  RootFS: { Type: "layers", Layers: Array.from({ length: layers }, (_, index) => `sha256:${index}`) },
  ...more,
});
const empties = (layers: number, ...newestFirst: HistoryEntry[]): boolean[] | null =>
  describedConfiguration(image(layers), newestFirst)?.history?.map((item) => item.empty_layer === true) ??
  null;

describe("describedConfiguration", () => {
  it("is the configuration of the OCI image spec, oldest entry first, with what is set", () =>
    assert.deepEqual(
      describedConfiguration(image(1), [entry('CMD ["x"]'), entry("RUN make # buildkit", 5)]),
      {
        architecture: "arm64",
        variant: "v8",
        config: { Env: ["A=1"], ArgsEscaped: true, Healthcheck: { Test: ["NONE"] } },
        created: "2026-11-21T22:08:04.668892664Z",
        history: [
          {
            created: "2027-01-15T08:00:00Z",
            created_by: "RUN make # buildkit",
            comment: "buildkit.dockerfile.v0",
          },
          {
            created: "2027-01-15T08:00:00Z",
            created_by: 'CMD ["x"]',
            comment: "buildkit.dockerfile.v0",
            empty_layer: true,
          },
        ],
        os: "linux",
        rootfs: { type: "layers", diff_ids: ["sha256:0"] },
      },
    ));

  it("gives layers by instruction where empty layers are counted, and by size where they are not", () => {
    const entries = [
      entry("WORKDIR /a"),
      entry("RUN true"),
      entry("WORKDIR /"),
      entry("ENV A=1"),
      entry("", 7),
    ];
    assert.deepEqual(empties(3, ...entries), [false, true, true, false, false]);
    assert.deepEqual(empties(1, ...entries), [false, true, true, true, true]);
    const old = [entry('/bin/sh -c #(nop)  CMD ["bash"]'), entry("/bin/sh -c #(nop) ADD file:0 in / ", 7)];
    assert.deepEqual(empties(1, ...old), [false, true]);
  });

  it("is null where the number of layers does not tell, or does not add up", () => {
    const entries = [entry("WORKDIR /a"), entry("RUN true"), entry("RUN make", 7)];
    assert.equal(empties(2, ...entries), null);
    assert.equal(empties(4, ...entries), null);
    assert.equal(empties(0, ...entries), null);
  });

  it("is null for what is not known here, or is not told", () => {
    const told = (more: object): unknown => describedConfiguration(image(1, more), [entry("RUN make", 1)]);
    assert.notEqual(told({ GraphDriver: { Name: "x" }, Unheard: "" }), null);
    for (const more of [
      { Unheard: "of" },
      { Container: "0123" },
      { DockerVersion: "19.03" },
      { Config: null },
      { Architecture: "" },
      { Os: undefined },
      { Created: "" },
      { RootFS: { Type: "windows", Layers: ["sha256:0"] } },
      { RootFS: { Type: "layers", Layers: ["sha256:0"], BaseLayer: "x" } },
      { RootFS: { Type: "layers" } },
    ]) {
      assert.equal(told(more), null, JSON.stringify(more));
    }
    assert.equal(describedConfiguration(image(1), [entry("RUN make", 1, -1)]), null);
  });
});

describe("what was cleaned", () => {
  it("is the same image when only its names differ", () => {
    assert.ok(describedSame(image(1), image(1, { Id: "sha256:1", RepoTags: ["c:d"] })));
    assert.ok(!describedSame(image(1), image(2)));
    assert.ok(!describedSame(image(1), image(1, { Config: { Env: ["A=2"] } })));
    assert.ok(!describedSame(image(1), image(1, { Variant: undefined })));
  });

  it("has the expected history only with the same words, sizes and times", () => {
    const clean = { rootfs: { type: "layers", diff_ids: [] }, history: [{}, { created_by: "RUN make" }] };
    const before = [entry("RUN |1 A=1 make", 2), entry("ARG A=1"), entry("", 3)];
    const kept = (...after: HistoryEntry[]): boolean => historyKept(clean, before, after);
    assert.ok(kept(entry("RUN make", 2), entry("", 3)));
    assert.ok(!kept(entry("RUN make", 3), entry("", 2)), "an entry has another's layer");
    assert.ok(!kept(entry("RUN |1 A=1 make", 2), entry("", 3)));
    assert.ok(!kept(entry("RUN make", 2, 1), entry("", 3)));
    assert.ok(!kept(entry("RUN make", 2)));
  });
});
