import assert from "node:assert/strict";
import { hiddenValue, isHiddenValue } from "../../../../provider/base/words/hidden-value";
import { hideValues } from "../../../../provider/base/words/known-values";
import { logLines } from "../../../../provider/base/process/log-lines";
import { environmentOf } from "../../../../provider/build/background/environment";
import * as hidden from "../../../../provider/build/roundtrip/hidden-inputs";
import { buildKey } from "../../../../provider/build/roundtrip/key";
import { makePlan } from "../../../../provider/inputs/plan";
import type { BuildPlan } from "../../../../provider/inputs/image-inputs";
import { withSecretInputs } from "../../../../provider/pulumi/image/secret-names";
import { recordOf } from "../../store/scratch";

const VALUE = "s3cr3tvalue";
const GIVEN = {
  ...{ name: "web", context: "app", root: "artifacts" },
  ...{ buildArgs: { TOKEN: VALUE, COLOUR: "blue" }, labels: { owner: VALUE, team: "us" } },
};
const plain = makePlan(GIVEN, "/project");
const secret = withSecretInputs(plain, { secretInputs: ["buildArgs.TOKEN", "labels.owner"] });
const recorded = { ...recordOf(), ...hidden.recordedOf(secret) };
const HASHES = { recipeHash: "sha256:1", contextHash: "sha256:2" };
const key = (plan: BuildPlan): string => buildKey(plan, HASHES, []);

describe("a secret build argument or label", () => {
  it("is in the record as a salted hash, which is another one each time, and nowhere else", () => {
    assert.ok(!JSON.stringify(recorded).includes(VALUE));
    assert.deepEqual([recorded.buildArgs, recorded.labels], [{ COLOUR: "blue" }, { team: "us" }]);
    const hash = recorded.hidden?.buildArgs.TOKEN ?? "";
    assert.match(hash, /^scrypt:[0-9a-f]{32}:[0-9a-f]{64}$/);
    assert.notEqual(hidden.recordedOf(secret).hidden?.buildArgs.TOKEN, hash);
    assert.ok(isHiddenValue(hash, VALUE) && !isHiddenValue(hash, `${VALUE}.`) && !isHiddenValue("x", VALUE));
    assert.notEqual(hiddenValue(VALUE), hiddenValue(VALUE));
  });

  it("changes nothing in the record of a plan without one", () => {
    assert.equal("hidden" in hidden.recordedOf(plain), false);
    assert.deepEqual(hidden.recordedOf(plain).buildArgs, GIVEN.buildArgs);
    assert.equal(withSecretInputs(plain, {}), plain);
    assert.equal(withSecretInputs(plain, { secretInputs: null }), plain);
    assert.equal(withSecretInputs(plain, { secretInputs: ["buildArgs.OTHER"] }), plain);
  });

  it("is part of the key: another value is another build, the same one is not", () => {
    const all = { secretInputs: ["buildArgs"] };
    const other = makePlan({ ...GIVEN, buildArgs: { ...GIVEN.buildArgs, TOKEN: "another" } }, "/project");
    assert.equal(key(withSecretInputs(plain, all)), key(withSecretInputs(plain, all)));
    assert.notEqual(key(withSecretInputs(plain, all)), key(withSecretInputs(other, all)));
    assert.notEqual(key(withSecretInputs(plain, all)), key(plain));
  });

  it("is read from the environment for a rebuild, by its name or with its kind", () => {
    for (const values of [
      { TOKEN: VALUE, owner: VALUE },
      { "buildArgs.TOKEN": VALUE, "labels.owner": VALUE, TOKEN: "x" },
      JSON.parse(hidden.valuesOf(secret) ?? "") as unknown,
    ]) {
      const { buildArgs, labels, secretInputs } = hidden.inputsOf(recorded, JSON.stringify(values));
      assert.deepEqual([buildArgs, labels], [GIVEN.buildArgs, GIVEN.labels]);
      assert.deepEqual(secretInputs, { buildArgs: ["TOKEN"], labels: ["owner"] });
    }
    assert.equal(hidden.valuesOf(plain), null);
    assert.equal("secretInputs" in hidden.inputsOf(recordOf(), undefined), false);
  });

  it("that is missing, wrong or illegible is an error that says where to give it, and not what it is", () => {
    const refused = (given: string | undefined, message: string | RegExp): void =>
      assert.throws(() => hidden.inputsOf(recorded, given), { name: hidden.SecretValueError.name, message });
    refused(
      undefined,
      `the build argument TOKEN of ${recorded.reference} is a secret, of which the store has a hash only; to rebuild, give ` +
        'its value in the environment variable VERIFIED_IMAGES_SECRET_VALUES, as JSON: {"TOKEN": "..."}',
    );
    refused(
      `{"TOKEN": "hunter2-x"}`,
      `the build argument TOKEN of ${recorded.reference} had another value when it was built than ` +
        "VERIFIED_IMAGES_SECRET_VALUES gives now; give the value of that build",
    );
    refused(JSON.stringify({ TOKEN: VALUE }), /^the label owner of .* is a secret/);
    const odd = /^the environment variable VERIFIED_IMAGES_SECRET_VALUES can't be understood(?!.*hunter2)/s;
    for (const wrong of ["{", "[]", "null", '{"TOKEN": 1}', "hunter2-x"]) refused(wrong, odd);
  });

  it("as a label is warned about, and is an instruction of the recipe where a line can hold it", () => {
    assert.equal(hidden.secretLabelsWarning(plain), null);
    const words = /^the label owner is secret, but whoever has the image can read it(?!.*s3cr3t)/s;
    assert.match(hidden.secretLabelsWarning(secret) ?? "", words);
    const labels = { owner: "a", note: "b\nc", plain: "d" };
    const secretInputs = { buildArgs: [], labels: ["owner", "note"] };
    assert.deepEqual(hidden.labelsOf({ labels, secretInputs }), {
      asFlags: { note: "b\nc", plain: "d" },
      inRecipe: { owner: "a" },
    });
    const both = hidden.secretLabelsWarning({ labels, secretInputs }) ?? "";
    assert.match(
      both,
      /^the labels owner, note are secret, .* shows the label note, because of a line break in it; give/,
    );
  });
});

describe("the environment of a verification in the background", () => {
  it("has what it needs, and the build's own secrets", () => {
    const needed = {
      ...{ PATH: "/bin", HOME: "/h", LC_ALL: "C", XDG_CACHE_HOME: "/c", TMPDIR: "/t", https_proxy: "p" },
      ...{ DOCKER_HOST: "tcp://x", DOCKER_AUTH_CONFIG: "{}", BUILDX_BUILDER: "b", SSH_AUTH_SOCK: "/s" },
      ...{ VERIFIED_IMAGES_CONCURRENCY: "1", NODE_OPTIONS: "--x", MY_TOKEN: "of a build secret" },
    };
    const names = [
      ...["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"],
      ...["DOCKER_PASSWORD", "NODE_AUTH_TOKEN", "NPM_TOKEN", "VERIFIED_IMAGES_SECRET_VALUES"],
    ];
    const left = Object.fromEntries(names.map((name) => [name, "x"]));
    const job = { variables: ["MY_TOKEN", "MISSING"] };
    assert.deepEqual(environmentOf(job, { ...needed, ...left }), needed);
    assert.deepEqual(environmentOf({ values: "{}" }, left), { VERIFIED_IMAGES_SECRET_VALUES: "{}" });
  });
});

describe("known secrets", () => {
  it("are hidden line by line, also as an address has them; short lines are none", () => {
    const hide = hideValues(["first line\n}\nlast/line", ""]);
    assert.equal(hide("a first line } b last%2Fline last/line"), "a *** } b *** ***");
    assert.equal(hide("first%20line"), "***");
  });
});

describe("lines on their way to a log", () => {
  const shown = (line: string): string => `<${line}>`;
  const written = (chunks: readonly (string | Buffer)[]): string => {
    const wrote: string[] = [];
    const lines = logLines((more) => wrote.push(more), shown);
    for (const chunk of chunks) lines.take(chunk);
    lines.end();
    return wrote.join("");
  };

  it("are changed whole, wherever the chunks end", () => {
    const bytes = Buffer.from("grüße\r\n\nlast");
    assert.equal(written([bytes]), "<grüße\r>\n<>\n<last>");
    assert.equal(written([...bytes].map((byte) => Buffer.from([byte]))), "<grüße\r>\n<>\n<last>");
    assert.equal(written(["a\nb\n"]), "<a>\n<b>\n");
    assert.equal(written([]), "");
  });

  it("without an end are written in pieces", () =>
    assert.equal(written(["x".repeat(1_500_000), "y"]), `<${"x".repeat(1_500_000)}><y>`));
});
