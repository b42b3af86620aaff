import assert from "node:assert/strict";
import { isBase, mayBeBase, nameOf, setsLabelItself } from "../../../provider/engines/ancestry";
import type { Ancestry, HistoryStep } from "../../../provider/engines/ancestry";
import { takesNamedContexts, takesSecretVariables } from "../../../provider/engines/frontend";
import { id } from "../store/scratch";

const LABEL = "org.opencontainers.image.revision";
const image = (name: string, layers: string, more: Partial<Ancestry> = {}): Ancestry => ({
  ...{ id: id(name), tags: [`${name}:1`], repoDigests: [], labels: {}, layers: [...layers] },
  ...more,
});
const steps = (...words: string[]): HistoryStep[] =>
  words.map((createdBy, index) => ({ createdBy, created: index }));

describe("isBase", () => {
  const app = image("a", "xyz");
  const history = steps("COPY x", "COPY y", "COPY z", "CMD run");
  const against = (other: Ancestry, theirs: HistoryStep[], own = app): boolean =>
    isBase(own, other, { image: history, other: theirs });

  it("is what an image begins with, in layers and history", () => {
    assert.ok(against(image("b", "x"), history.slice(0, 1)));
    assert.ok(against(image("b", "xyz"), history.slice(0, 3)), "metadata is enough to make a child");
    assert.ok(against(image("b", ""), history.slice(0, 1)), "a base may have no layer");
  });

  it("is no image with the same history, other layers, another past, or none", () => {
    assert.ok(!against(image("b", "xyz"), history), "two builds of one recipe");
    assert.ok(!against(image("b", "xyz"), [...history, ...steps("more")]), "our own child");
    assert.ok(!against(image("b", "w"), history.slice(0, 1)));
    assert.ok(!against(image("b", "xyzw"), history.slice(0, 3)));
    assert.ok(!against(image("b", "x"), steps("COPY other")));
    assert.ok(!against(image("b", "x"), [{ createdBy: "COPY x", created: 99 }]), "built at another time");
    assert.ok(!against(image("b", ""), []), "nothing comes first in everything");
    assert.ok(!against(app, history.slice(0, 1)), "oneself");
  });

  it("is what an image names as its base, by digest before name", () => {
    const named = (labels: Record<string, string>): Ancestry => image("a", "xyz", { labels });
    const digest = `sha256:${"7".repeat(64)}`;
    const names = { tags: ["team/base:1", "node:latest"], repoDigests: [`r/b@${digest}`] };
    const base = image("b", "unlike", names);
    const BY_DIGEST = "org.opencontainers.image.base.digest";
    const BY_NAME = "org.opencontainers.image.base.name";
    assert.ok(against(base, [], named({ [BY_DIGEST]: digest })));
    assert.ok(against(base, [], named({ [BY_DIGEST]: id("b") })));
    assert.ok(against(base, [], named({ [BY_NAME]: "docker.io/library/node" })));
    assert.ok(against(base, [], named({ [BY_NAME]: "team/base:1" })));
    assert.ok(!against(base, [], named({ [BY_NAME]: "team/base:1", [BY_DIGEST]: id("c") })));
    assert.ok(!against(base, [], named({ [BY_NAME]: "team/base" })));
    assert.ok(!against(base, [], named({ [BY_NAME]: "", [BY_DIGEST]: " " })));
    assert.ok(mayBeBase(named({ [BY_DIGEST]: digest }), base));
  });

  it("can't be an image with another lowest layer, so that its history is not asked for", () => {
    assert.ok(mayBeBase(app, image("b", "xy")));
    for (const other of [image("b", "wx"), image("b", "xyzw"), app]) assert.ok(!mayBeBase(app, other));
  });
});

describe("setsLabelItself", () => {
  const base = steps(`LABEL ${LABEL}=abc`);
  const labels = { [LABEL]: "abc", a: "b" };
  const sets = (...own: string[]): boolean => {
    const history = [...base, ...own.map((createdBy) => ({ createdBy, created: 50 }))];
    return setsLabelItself(LABEL, "abc", { image: history, other: base }, labels);
  };

  it("is an instruction after the base, of either of Docker's builders", () => {
    assert.ok(sets("COPY x", `LABEL ${LABEL}=abc`));
    assert.ok(sets(`LABEL a=b ${LABEL}=abc c=d`, "CMD run"));
    assert.ok(sets(`/bin/sh -c #(nop)  LABEL ${LABEL}=abc`));
    assert.ok(sets("ARG APT_CONFIG=/dev/x", "RUN |1 APT_CONFIG=/dev/x true", `LABEL ${LABEL}=abc`));
  });

  it("is none of the base's, of another value, or in a command", () => {
    assert.ok(!sets("COPY x"));
    assert.ok(!sets(`LABEL ${LABEL}=abcd`));
    assert.ok(!sets(`RUN echo LABEL ${LABEL}=abc`));
    const ours = "APT_CONFIG=/dev/verified-images/apt.conf";
    assert.ok(!sets(`ARG ${ours}`, `RUN |1 ${ours} /bin/sh -c echo LABEL ${LABEL}=abc`));
    assert.ok(!sets());
  });

  it("is none that another label's text quotes, also where that label is set again later", () => {
    assert.ok(!sets(`LABEL note=x ${LABEL}=abc`));
    assert.ok(!sets(`LABEL x ${LABEL}=abc`));
    assert.ok(!sets(`LABEL a=b ${LABEL}=abc`, "LABEL a=b"));
    assert.ok(sets(`LABEL a=b ${LABEL}=abc`, "LABEL c=d"));
  });
});

describe("nameOf", () => {
  it("is a tag, else a digest reference, else the ID", () => {
    assert.equal(nameOf(image("b", "")), "b:1");
    assert.equal(nameOf(image("b", "", { tags: [], repoDigests: ["r@sha256:1"] })), "r@sha256:1");
    assert.equal(nameOf(image("b", "", { tags: [] })), id("b"));
  });
});

const takes = (buildkit: string | null, frontend: string | null = null): boolean =>
  takesSecretVariables({ driver: "docker", buildkit }, frontend);

describe("takesNamedContexts", () => {
  for (const [buildkit, least, frontend, does] of [
    ["0.10.0", undefined, null, true],
    ["0.9.3", undefined, null, false],
    ["0.0.0+unknown", "0.20.0", null, true],
    ["0.0.0+unknown", undefined, null, false],
    [null, "0.10.6", null, true],
    ["0.31.1", undefined, "docker/dockerfile:1.4", true],
    ["0.31.1", undefined, "docker/dockerfile:1.3", false],
    ["0.31.1", undefined, "docker/dockerfile:1", false],
  ] as const)
    it(`BuildKit ${buildkit}, at least ${least}, frontend ${frontend}: ${does}`, () =>
      assert.equal(takesNamedContexts({ driver: "docker", buildkit, least }, frontend), does));
});

describe("takesSecretVariables", () => {
  const onNew = (frontend: string): boolean => takes("0.31.1", frontend);

  it("is sure of BuildKit from 0.16 on, with its own frontend", () => {
    const sure = ["0.16.0", "0.16.0-rc1", "0.31.1", "0.31.1+unknown", "1.0.0"];
    const all = [...sure, "0.8+unknown", "0.9.3", "0.15.2"];
    assert.deepEqual(
      all.filter((version) => takes(version)),
      sure,
    );
  });

  it("is not sure where nobody says the version, or it is the engine's", () => {
    const versions = [null, "", "master", "20.10.24", "28.0.1"];
    assert.deepEqual(
      versions.filter((version) => takes(version)),
      [],
    );
  });

  it("is sure of a frontend that the recipe names by a version, from 1.10 on", () => {
    const named = ["docker/dockerfile:1.10", "docker/dockerfile:1.10.0", "docker/dockerfile:2.0"];
    const sure = [...named, "docker.io/docker/dockerfile:1.23.0-labs", "docker/dockerfile-upstream:1.11.1"];
    assert.deepEqual(sure.filter(onNew), sure);
  });

  it("is not sure of an older or floating one, of a digest, nor of anybody else's", () => {
    const digest = `:1.10@sha256:${"a".repeat(64)}`;
    const own = ["", ":1", ":1.9", ":1.9.0-labs", ":labs", digest].map((end) => `docker/dockerfile${end}`);
    const others = ["registry.example/docker/dockerfile:1.10", "example/frontend:1.10", ""];
    assert.deepEqual([...own, ...others].filter(onNew), []);
  });

  it("is not sure of a new frontend on an old BuildKit, which has to run what it makes", () =>
    assert.equal(takes("0.8+unknown", "docker/dockerfile:1.10"), false));
});
