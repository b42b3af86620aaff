import { id } from "../store/scratch";
import assert from "node:assert/strict";
import type { ImageFacts } from "../../../provider/engines/engine";
import { judge } from "../../../provider/promote/gate/judge";
import { REVISION_LABEL } from "../../../provider/base/revision/verdict";
import { noDrift } from "../../../provider/store/verification";
import { expectation, gateAnswer } from "../../../cli/gate-answer";
import type { Answer } from "../../../cli/world";

const REVISION = "a".repeat(40);
const OTHER = "b".repeat(40);

function imageWith(revision: string | null): ImageFacts {
  const labels: Record<string, string> = revision === null ? {} : { [REVISION_LABEL]: revision };
  const rest = { tags: [], repoDigests: [], user: "", os: "linux", architecture: "amd64", created: "" };
  return { id: id("1"), labels, ...rest };
}

function answerTo(expected: string | null, revision: string | null): Answer {
  const image = imageWith(revision);
  const evidence = { image, expectedRevision: expected, enabled: expected !== null, verification: null };
  return gateAnswer("web-app", { examined: { image, judgement: judge(evidence), verification: null } });
}

describe("the gate's answer", () => {
  for (const [name, expected, actual, code, text] of [
    ["a match", REVISION, REVISION, 0, `provenance match: ${REVISION.slice(0, 12)}\n`],
    [
      "a mismatch",
      OTHER,
      REVISION,
      1,
      `provenance mismatch: image ${REVISION.slice(0, 12)} != expected ${OTHER.slice(0, 12)}\n`,
    ],
    ["no label", REVISION, null, 1, "provenance fail-closed: image has no revision label\n"],
    [
      "a label that a template left",
      REVISION,
      "<no value>",
      1,
      "provenance fail-closed: image has no revision label\n",
    ],
  ] as const) {
    it(`to ${name} is the verdict, word for word`, () => {
      const answer = answerTo(expected, actual);
      assert.deepEqual([answer.code, answer.text], [code, text]);
      const document = answer.document as { ok: boolean; verdict: string; revision: string | null };
      assert.equal(document.ok, code === 0);
      assert.equal(`${document.verdict}\n`, text);
      assert.equal(document.revision, actual);
    });
  }

  it("to a short revision is no, also where the label is just as short", () => {
    const { code, text } = answerTo("abc123", "abc123");
    assert.equal(code, 1);
    assert.match(text, /^expectedRevision is not a full git revision/m);
    assert.match(text, /^the image's label .* is not a full git revision$/m);
  });

  it("says what refuses first, and tells apart what holds", () => {
    const verification = { state: "unknown", drift: noDrift(), reason: "nobody asked" } as const;
    const image = imageWith(REVISION);
    const judgement = judge({ image, expectedRevision: REVISION, enabled: true, verification });
    const { code, text, document } = gateAnswer("web-app", { examined: { image, judgement, verification } });
    const no = `the image ${id("1")} is not verified (unknown): nobody asked`;
    assert.equal(code, 1);
    assert.equal(text, `${no}\nholds: provenance match: ${REVISION.slice(0, 12)}\n`);
    assert.deepEqual((document as { reasons: string[] }).reasons, [no]);
  });

  it("without an expectation says that provenance was not checked", () => {
    const { code, text } = gateAnswer("web-app", null);
    assert.equal(code, 0);
    assert.equal(text, "provenance not checked: neither --expected-revision nor EXPECTED_REVISION is set\n");
  });

  it("without an expectation is still no for an image that has to be verified and is not", () => {
    const image = imageWith(null);
    const verification = { state: "unknown", drift: noDrift(), reason: "nobody asked" } as const;
    const judgement = judge({ image, expectedRevision: null, enabled: false, verification });
    const { code, text } = gateAnswer("web-app", { examined: { image, judgement, verification } });
    assert.equal(code, 1);
    assert.match(
      text,
      /^provenance not checked: .*\nthe image sha256:1{64} is not verified \(unknown\): nobody asked\n$/,
    );
  });
});

describe("the expected revision", () => {
  it("is the flag's, then the environment's, and empty is not unset", () => {
    const env = { EXPECTED_REVISION: OTHER };
    assert.equal(expectation(REVISION, env), REVISION);
    assert.equal(expectation(undefined, env), OTHER);
    assert.equal(expectation("", env), "");
    assert.equal(expectation(undefined, { EXPECTED_REVISION: "" }), "");
    assert.equal(expectation(undefined, {}), null);
  });
});
