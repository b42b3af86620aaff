import assert from "node:assert/strict";
import { BuildFailedError, EngineUnreachableError } from "../../../provider/engines/errors";
import { VerifyError } from "../../../provider/base/errors/verify-error";
import { InputError } from "../../../provider/inputs/failure";
import { LockError } from "../../../provider/packages/lock/errors";
import { StoreError } from "../../../provider/base/errors/store-error";
import { ViewError } from "../../../provider/packages/views/requirements";
import { exitCodeOf, usageCode } from "../../../cli/exit-code";
import { failureDocument, failureText } from "../../../cli/output/failure";
import { SettingsError } from "../../../cli/settings";
import { id } from "../store/scratch";
import type { ImageFacts } from "../../../provider/engines/engine";
import { judge } from "../../../provider/promote/gate/judge";
import { REVISION_LABEL } from "../../../provider/base/revision/verdict";
import { noDrift } from "../../../provider/store/verification";
import { expectation, gateAnswer } from "../../../cli/gate-answer";
import type { Answer } from "../../../cli/world";
import { historyText, type ShownHistory } from "../../../cli/output/history-text";
import { parseHistory } from "../../../provider/promote/receipts/history";
import type { ReceiptFacts } from "../../../provider/promote/receipts/receipt";
import { bytesOf, chainOf, factsWith } from "../promote/receipts/facts";

const CASES: [string, Error, number][] = [
  ["not verified", new VerifyError("web-app", "changed dpkg:a 1 -> 2"), 1],
  ["a build that fails", new BuildFailedError("it failed", "/log", ""), 1],
  ["wrong inputs", new InputError([{ property: "name", reason: "is missing" }]), 2],
  ["wrong settings", new SettingsError("bad"), 2],
  ["a view that can't be", new ViewError("twice"), 2],
  ["no engine", new EngineUnreachableError("gone"), 3],
  ["no store", new StoreError("gone", "/store"), 3],
  ["a damaged lock", new LockError(["bad"], "Build again."), 3],
  ["a fault", new TypeError("x is not a function"), 70],
];

describe("exit codes", () => {
  for (const [name, error, code] of CASES) {
    it(`${name}: ${code}, and 1 of the gate`, () => {
      assert.equal(exitCodeOf(error, "build"), code);
      assert.equal(exitCodeOf(error, "gate"), 1);
    });
  }

  it("a rebuild that fails without proof leaves the question of verify open", () =>
    assert.equal(exitCodeOf(new BuildFailedError("it failed", "/log", ""), "verify"), 3));
  it("wrong usage: 2, and 1 of the gate", () =>
    assert.deepEqual([usageCode("list"), usageCode(undefined), usageCode("gate")], [2, 2, 1]));
});

describe("an error", () => {
  it("of this package is its message, without a stack", () => {
    const error = new StoreError("there is no store", "/store");
    assert.equal(failureText(error), "error: there is no store\n");
    assert.deepEqual(failureDocument(error), { error: { code: "store", message: "there is no store" } });
  });

  it("of no known kind says that it is a fault, with all there is", () => {
    const text = failureText(new TypeError("x is not a function"));
    assert.match(text, /^fault: this should not have happened, and is a fault in verified-images/);
    assert.match(text, /TypeError: x is not a function\n {4}at /);
  });

  it("about an image that is not verified has what is known of it all the same", () => {
    const error = new VerifyError("web-app", "drift", { reference: "web-app:1" });
    assert.deepEqual(failureDocument(error), {
      error: { code: "not-verified", message: "web-app is not verified: drift" },
      evidence: { reference: "web-app:1" },
    });
  });
});

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
  return gateAnswer("web-app", {
    examined: { image, platforms: [image], judgement: judge(evidence), verification: null },
  });
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
    const { code, text, document } = gateAnswer("web-app", {
      examined: { image, platforms: [image], judgement, verification },
    });
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
    const { code, text } = gateAnswer("web-app", {
      examined: { image, platforms: [image], judgement, verification },
    });
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

const shown = (facts: Partial<ReceiptFacts>[], more: Partial<ShownHistory> = {}): string => {
  const { lines } = parseHistory(bytesOf(chainOf(...facts.map((one) => factsWith(one)))));
  const promotions = lines.flatMap(({ line, receipt }) => (receipt === null ? [] : [{ line, receipt }]));
  return historyText({
    file: "store/promotions.jsonl",
    promotions,
    problems: [],
    torn: false,
    rollback: null,
    ...more,
  });
};

describe("the history for people", () => {
  it("has a row for each target, with what they share once", () => {
    const targets = ["web:production", "web:canary"];
    const text = shown([
      { targets, moved: ["web:production"], previous: { "web:production": id("b"), "web:canary": null } },
    ]);
    const at = "2026-01-01T00:00:01.000Z";
    const verdict = "provenance match: a1a1a1a1a1a1, verified";
    assert.deepEqual(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.trim().split(/ {2,}/)),
      [
        ["WHEN", "WHO", "TARGET", "IMAGE", "REVISION", "BEFORE", "VERDICT"],
        [at, "ann@box", "web:production", "aaaaaaaaaaaa", "a1a1a1a1a1a1", "bbbbbbbbbbbb", verdict],
        ["web:canary", "- (was in place)"],
      ],
    );
    assert.equal(shown([]), "no promotions\n");
  });

  it("names whom CI names before the machine's account", () =>
    assert.match(
      shown([{ by: { user: "runner", host: "ci-7", actor: "octocat" } }]),
      /octocat \(runner@ci-7\)/,
    ));

  it("says an override loudly, in its row and with its reason", () => {
    const override = { reason: "the site is down", refused: ["provenance mismatch: image b != expected a"] };
    const text = shown([{ override, by: { user: "ann", host: "box", actor: null } }]);
    assert.match(text, /OVERRIDDEN \(provenance match: a1a1a1a1a1a1, verified\)/);
    assert.match(
      text,
      /^OVERRIDDEN: line 1, 2026-\S+, by ann@box: "the site is down"; the gate had refused: provenance mismatch/m,
    );
  });

  it("says why a promotion failed that left targets moved, in its row and on a line of its own", () => {
    const text = shown([
      { failed: "promotion of a failed: 500\n  no space; new in their registry: web:production" },
    ]);
    assert.match(text, / FAILED \(provenance match: a1a1a1a1a1a1, verified\)$/m);
    assert.match(
      text,
      /^FAILED: line 1, 2026-\S+, by ann@box: promotion of a failed: 500 no space; new in their registry: web:production$/m,
    );
    assert.doesNotMatch(shown([{}, { failed: null }]), /FAILED/);
  });

  it("names a broken line, and one that was cut off", () => {
    const text = shown([{}], { problems: [{ line: 3, message: "is no receipt" }], torn: true });
    assert.match(text, /^BROKEN: line 3 of store\/promotions\.jsonl is no receipt$/m);
    assert.match(text, /^BROKEN: the last line of store\/promotions\.jsonl is cut off/m);
  });

  it("gives the command that takes a target back, quoted for a shell", () => {
    const rollback = { source: "it's", expectedRevision: "a" };
    assert.ok(
      shown([], { rollback }).endsWith(
        `back to what it was: pulumi config set rollback '{"source":"it'\\''s","expectedRevision":"a"}'\n`,
      ),
    );
  });

  it("lets nothing through that would steer a terminal", () => {
    const text = shown([
      {
        by: { user: "a\u001b[2J", host: "b\nc", actor: null },
        override: { reason: "x\r\u202ey", refused: ["\u0007"] },
      },
    ]);

    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.equal(text.trimEnd().split("\n").length, 3);
  });
});
