import assert from "node:assert/strict";
import { parseHistory } from "../../../../provider/promote/receipts/history";
import { namedImages, rollbackOf } from "../../../../provider/promote/receipts/named";
import type { ReceiptFacts } from "../../../../provider/promote/receipts/receipt";
import { id } from "../../store/scratch";
import { bytesOf, chainOf, factsWith, REVISION } from "./facts";

const of = (...facts: Partial<ReceiptFacts>[]) =>
  parseHistory(bytesOf(chainOf(...facts.map((one) => factsWith(one)))));
const to = (letter: string, target = "web:production", changes: Partial<ReceiptFacts> = {}) => ({
  imageId: id(letter),
  targets: [target],
  previous: { [target]: null },
  ...changes,
});

describe("what a history needs to be kept", () => {
  it("is what each target names, and what it named before, and nothing older", () => {
    const history = of(to("1"), to("2"), to("3"), to("8", "api:live"), to("4"), to("4"));
    assert.deepEqual([...namedImages(history)].sort(), [id("3"), id("4"), id("8")]);
    assert.deepEqual([...namedImages(of())], []);
  });

  it("is also what a target named before its first receipt, and a digest", () => {
    const digest = id("d");
    const history = of(to("1", "web:production", { digest, previous: { "web:production": id("0") } }));
    assert.deepEqual([...namedImages(history)].sort(), [id("0"), id("1"), digest].sort());
  });

  it("is that on each engine, for a target of one name is another one elsewhere", () => {
    const on = (host: string | null | undefined, letter: string, target?: string) =>
      to(letter, target, { host });
    const history = of(
      on(undefined, "1"),
      on("ssh://a", "2"),
      on("ssh://a", "3"),
      on("ssh://a", "4"),
      on(null, "5"),
    );
    assert.deepEqual([...namedImages(history)].sort(), ["1", "3", "4", "5"].map(id));
    const shared = "registry.example/web:live";
    const registry = of(on("ssh://a", "1", shared), on("ssh://b", "2", shared), on(null, "3", shared));
    assert.deepEqual(
      [...namedImages(registry)].sort(),
      ["2", "3"].map(id),
      "a registry is the same from everywhere",
    );
  });

  it("is all that a line mentions which can't be believed", () => {
    const [first = "", ...rest] = chainOf(factsWith(to("1")), factsWith(to("2")), factsWith(to("3")));
    const edited = first.replace("ann", "bob");
    assert.ok(namedImages(parseHistory(bytesOf([edited, ...rest]))).has(id("1")));
    assert.ok(namedImages(parseHistory(bytesOf([`x${first}`, ...rest]))).has(id("1")));
    assert.ok(!namedImages(parseHistory(bytesOf([first, ...rest]))).has(id("1")));
  });
});

describe("what takes a target back", () => {
  it("is the last other image that it had, with that image's own revision", () => {
    const history = of(
      to("1"),
      to("2", "web:production", { revision: "b2".repeat(20) }),
      to("9", "api:live"),
    );
    assert.deepEqual(rollbackOf(history, "web:production"), { source: id("1"), expectedRevision: REVISION });
    assert.equal(rollbackOf(history, "api:live"), null);
    assert.equal(rollbackOf(history, "no:target"), null);
  });

  it("is forward again after it was taken back", () => {
    assert.equal(rollbackOf(of(to("1"), to("2"), to("1")), "web:production")?.source, id("2"));
  });

  it("is nothing where the earlier image has no revision to expect", () =>
    assert.equal(
      rollbackOf(of(to("1", "web:production", { revision: null }), to("2")), "web:production"),
      null,
    ));

  it("is on the same engine as the target's last promotion", () => {
    const history = of(
      to("1", undefined, { host: "ssh://a" }),
      to("2"),
      to("3", undefined, { host: "ssh://a" }),
    );
    assert.equal(rollbackOf(history, "web:production")?.source, id("1"));
    assert.equal(rollbackOf(of(to("1"), to("2", undefined, { host: "ssh://a" })), "web:production"), null);
  });

  it("is an image of the engine where a target is there, also for a target in a registry", () => {
    const target = "registry.example:5000/team/web:production";
    const both = { targets: [target, "web:production"], digest: id("d") };
    const history = of(to("1", target, both), to("2", target, { ...both, digest: id("e") }));
    assert.equal(rollbackOf(history, target)?.source, id("1"));
    assert.equal(rollbackOf(history, "web:production")?.source, id("1"));
  });

  it("is named by its digest in a registry", () => {
    const target = "registry.example:5000/team/web:production";
    const history = of(to("1", target, { digest: id("d") }), to("2", target, { digest: id("e") }));
    assert.equal(rollbackOf(history, target)?.source, `registry.example:5000/team/web@${id("d")}`);
  });
});
