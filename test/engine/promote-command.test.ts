import assert from "node:assert/strict";
import { parseImageId } from "../../provider/base/reference/digest";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildResult } from "../support/child";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { buildTiny, docker, imageId, removeImage } from "../support/docker";
import { ownImages } from "../support/own-images";
import { at, putBuild } from "../unit/store/scratch";
import { command } from "./support/command";

const REVISION = "a".repeat(40);
const OTHER = "b".repeat(40);

describe("verified-images promote", function () {
  this.timeout(120_000);
  const images = ownImages("promote-command");
  const named = (tag: string): string => `${images.name}:${tag}`;
  const [production, good, wrong] = [named("production"), named("good"), named("wrong")];
  let directory: string;
  let root: string;
  let old: string;
  let id: string;

  const promote = (source: string, ...words: string[]): Promise<ChildResult> =>
    command(directory, ["promote", source, "--target", production, ...words]);
  const expecting = (source: string, ...words: string[]): Promise<ChildResult> =>
    promote(source, "--expected-revision", REVISION, ...words);
  const receipts = async (): Promise<Record<string, unknown>[]> =>
    (await readFile(join(root, "promotions.jsonl"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  /** That nothing was promoted, and why. */
  async function assertRefused({ code, stdout, stderr }: ChildResult, words: RegExp): Promise<void> {
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, words);
    assert.equal(await imageId(production), old);
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "promote-command-"));
    old = await buildTiny({ name: named("old"), labels: images.labels });
    id = await buildTiny({ name: good, labels: { ...images.labels, [REVISION_LABEL]: REVISION } });
    await buildTiny({ name: wrong, labels: { ...images.labels, [REVISION_LABEL]: OTHER } });
  });
  beforeEach(async () => {
    root = await mkdtemp(join(directory, "store-"));
    await docker(["tag", old, production]);
  });
  after(async () => {
    await images.clean();
    await rm(directory, { recursive: true, force: true });
  });

  it("tags what the gate says yes to, and tells programs all of it", async () => {
    const free = named("free");
    const { code, stdout, stderr } = await expecting(good, "--target", free, "--json");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^provenance match: a{12}\n$/);
    const { promotedAt, ...document } = JSON.parse(stdout) as Record<string, unknown>;
    assert.match(String(promotedAt), /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(document, {
      imageId: id,
      digest: null,
      revision: REVISION,
      verified: "unknown",
      targets: [production, free],
      previous: { [production]: old, [free]: null },
      verdict: "provenance match: aaaaaaaaaaaa",
      override: null,
      clauses: document.clauses,
    });
    assert.deepEqual([await imageId(production), await imageId(free)], [id, id]);
    await removeImage(free);
  });

  const REFUSALS: [string, string[], RegExp][] = [
    ["another revision", [wrong, "--expected-revision", REVISION], /no tag was moved: provenance mismatch/],
    ["no expectation", [good], /--expected-revision: is missing.* --no-provenance tags without it/],
    ["an empty one", [good, "--expected-revision="], /provenance fail-closed: empty expected revision/],
    ["a short one", [good, "--expected-revision", "aaaaaaaaaaaa"], /is not a full git revision/],
    [
      "two minds",
      [good, "--expected-revision", REVISION, "--no-provenance"],
      /--no-provenance: is given together/,
    ],
    [
      "a target that is named twice",
      [good, "--expected-revision", REVISION, "--target", production],
      /names .* twice/,
    ],
    [
      "a reason that nobody would remember",
      [wrong, "--expected-revision", REVISION, "--override-reason", "now"],
      /needs --root/,
    ],
    [
      "a store that is not there",
      [good, "--expected-revision", REVISION, "--root", "/nowhere"],
      /there is no artifact store at \/nowhere/,
    ],
    [
      "a demand without a store",
      [good, "--expected-revision", REVISION, "--require-verified"],
      /root: is missing/,
    ],
    ["an odd flag", [good, "--expected-revision", REVISION, "--nothing"], /unknown option/],
  ];
  for (const [claim, [source = "", ...words], said] of REFUSALS) {
    it(`tags nothing with ${claim}`, async () => assertRefused(await promote(source, ...words), said));
  }

  it("tags nothing by an expectation of the environment that is empty", async () => {
    const words = ["promote", good, "--target", production];
    await assertRefused(
      await command(directory, words, { EXPECTED_REVISION: "" }),
      /empty expected revision/,
    );
  });

  it("moves no target that stands for another image, where that is asked for", async () => {
    await assertRefused(await expecting(good, "--immutable"), /stands for .* already, and immutable/);
    await docker(["tag", id, production]);
    assert.equal((await expecting(good, "--immutable")).code, 0);
  });

  it("tags whatever the revision by the kill switch, with a warning", async () => {
    const { code, stderr } = await promote(wrong, "--no-provenance");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^warning: image-freshness disabled: the image is tagged whatever revision/);
    assert.equal(await imageId(production), await imageId(wrong));
  });

  it("wants an image verified where a store is named, and writes a receipt there", async () => {
    await putBuild(root, "web", at(1), { imageId: parseImageId(id), record: { revision: REVISION } });
    await assertRefused(await expecting(good, "--root", root), /is not verified \(unknown\)/);
    await assert.rejects(receipts(), "nothing was promoted, so there is no receipt");
    const { code, stderr } = await expecting(good, "--root", root, "--no-require-verified");
    assert.equal(code, 0, stderr);
    const [receipt, ...others] = await receipts();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [receipt?.source, receipt?.imageId, receipt?.moved, receipt?.previous, receipt?.verdict, receipt?.urn],
      [good, id, [production], { [production]: old }, "provenance match: aaaaaaaaaaaa", null],
    );
  });

  it("lets one promotion pass by a reason, and no other one", async () => {
    const broken = (source: string, expected: string): Promise<ChildResult> => {
      const flags = ["--root", root, "--no-require-verified", "--override-reason", "the shop is down"];
      return promote(source, "--expected-revision", expected, ...flags);
    };
    await assertRefused(
      await broken(good, REVISION),
      /--override-reason: is given, but nothing needs overriding/,
    );
    const passed = await broken(wrong, REVISION);
    assert.equal(passed.code, 0, passed.stderr);
    assert.match(passed.stderr, /GATE OVERRIDDEN: .*Reason given: "the shop is down".*provenance mismatch/);
    assert.equal(await imageId(production), await imageId(wrong));
    await docker(["tag", old, production]);
    assert.equal(
      (await broken(wrong, REVISION)).code,
      0,
      "it covers the very promotion that it was spent on",
    );
    await docker(["tag", old, production]);
    await assertRefused(await broken(good, OTHER), /"the shop is down" was spent on image/);
  });
});
