import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { imageInputs, withImageFlags, type ImageFlags } from "../../../cli/flags/image";
import { DEFAULT_RETAIN } from "../../../provider/inputs/image-inputs";
import {
  requireVerifiedSetting,
  retainSetting,
  SettingsError,
  type SettingSources,
} from "../../../cli/settings";

const SETTINGS = { root: "store", retain: 10, requireVerified: false };

function flagsOf(...words: string[]): ImageFlags {
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const command = withImageFlags(new Command().exitOverride().configureOutput(silent));
  return command.parse(words, { from: "user" }).opts<ImageFlags>();
}

const inputsOf = (...words: string[]): Readonly<Record<string, unknown>> =>
  imageInputs(flagsOf(...words), SETTINGS);

describe("the flags of build", () => {
  it("are the inputs of buildReproducible", () => {
    const words =
      "--name web-app --context app --recipe app/Dockerfile.prod --host ssh://ci@builder --revision abc " +
      "--target final --platform linux/arm64 --force again --keep --timeout git=5 --timeout rebuild=60.5";
    assert.deepEqual(inputsOf(...words.split(" ")), {
      ...SETTINGS,
      name: "web-app",
      context: "app",
      recipe: "app/Dockerfile.prod",
      host: "ssh://ci@builder",
      revision: "abc",
      target: "final",
      platform: "linux/arm64",
      force: "again",
      keep: true,
      verify: "background",
      timeouts: { git: 5, rebuild: 60.5 },
    });
  });

  it("leave out what is not given, for the inputs' own check to name", () =>
    assert.deepEqual(inputsOf(), { ...SETTINGS, verify: "background" }));

  it("verify in the background, inline with --wait or where it is required, and not at all with --no-verify", () => {
    assert.equal(inputsOf().verify, "background");
    assert.equal(inputsOf("--wait").verify, "inline");
    const required = { ...SETTINGS, requireVerified: true };
    assert.equal(imageInputs(flagsOf(), required).verify, "inline");
    assert.equal(imageInputs(flagsOf("--no-verify"), required).verify, "skip");
    assert.equal(inputsOf("--no-verify").verify, "skip");
  });

  it("collect build arguments and labels, with all that stands behind the first =", () => {
    const { buildArgs, labels } = inputsOf(
      ...["--build-arg", "A=1=2", "--build-arg", "B=", "--label", "owner=us"],
    );
    assert.deepEqual(buildArgs, { A: "1=2", B: "" });
    assert.deepEqual(labels, { owner: "us" });
  });

  it("collect secrets in Docker's own form", () => {
    const { secrets } = inputsOf(
      "--secret",
      "id=a,src=./a",
      "--secret",
      "env=B,id=b",
      "--secret",
      "id=c,source=c=d",
    );
    assert.deepEqual(secrets, { a: { file: "./a" }, b: { env: "B" }, c: { file: "c=d" } });
  });

  it("leave it to the settings whether verified is required, unless they say so", () => {
    assert.equal(flagsOf().requireVerified, undefined);
    assert.equal(flagsOf("--require-verified").requireVerified, true);
    assert.equal(flagsOf("--no-require-verified").requireVerified, false);
  });

  for (const words of [
    ["--build-arg", "A"],
    ["--build-arg", "=1"],
    ["--build-arg", "A=1", "--build-arg", "A=2"],
    ["--secret", "id=a"],
    ["--secret", "src=a"],
    ["--secret", "id=a,src=b,env=C"],
    ["--secret", "id=a,src=b,mode=0400"],
    ["--secret", "id=a,src=b", "--secret", "id=a,src=c"],
    ["--retain", "0"],
    ["--retain", "two"],
    ["--timeout", "pull=3"],
    ["--timeout", "git=-3"],
    ["--unknown"],
  ])
    it(`refuse ${words.join(" ")}`, () => assert.throws(() => flagsOf(...words), CommanderError));
});

const sources = (given: Partial<SettingSources>): SettingSources => ({
  file: null,
  env: {},
  flags: {},
  ...given,
});

describe("the setting retain", () => {
  it("is the default, then the file's, then the environment's, then the flag's", () => {
    const file = { retain: 3 };
    const env = { VERIFIED_IMAGES_RETAIN: "4" };
    const valueOf = (given: Partial<SettingSources>): number => retainSetting(sources(given)).value;
    assert.equal(valueOf({}), DEFAULT_RETAIN);
    assert.equal(valueOf({ file }), 3);
    assert.equal(valueOf({ file, env }), 4);
    assert.equal(valueOf({ file, env, flags: { retain: 5 } }), 5);
  });

  for (const bad of [0, -1, 1.5, "7", null, true]) {
    it(`warns of ${JSON.stringify(bad)} in the file, and takes the default`, () => {
      const { value, warnings } = retainSetting(sources({ file: { retain: bad } }));
      assert.equal(value, DEFAULT_RETAIN);
      assert.deepEqual(warnings, [
        `retain in verified-images.json is ${JSON.stringify(bad)}, expected a whole number of at least 1; 10 is taken instead`,
      ]);
    });
  }

  for (const bad of ["", "0", "many", "1.5", " 3"]) {
    it(`warns of ${JSON.stringify(bad)} in the environment, and takes what holds without it`, () => {
      const env = { VERIFIED_IMAGES_RETAIN: bad };
      const alone = retainSetting(sources({ env }));
      assert.equal(alone.value, DEFAULT_RETAIN);
      assert.match(alone.warnings[0] ?? "", /^VERIFIED_IMAGES_RETAIN is ".*", expected a whole number/);
      assert.equal(retainSetting(sources({ env, file: { retain: 3 } })).value, 3);
    });
  }

  it("names a key that is no setting", () => {
    const { warnings } = retainSetting(sources({ file: { retian: 3 } }));
    assert.deepEqual(warnings, [
      'verified-images.json has "retian", which is no setting; the settings are retain, requireVerified',
    ]);
  });
});

describe("the setting requireVerified", () => {
  const valueOf = (given: Partial<SettingSources>): boolean => requireVerifiedSetting(sources(given));

  it("is off, then the file's, then the environment's, then the flag's", () => {
    const file = { requireVerified: true };
    const env = { VERIFIED_IMAGES_REQUIRE_VERIFIED: "0" };
    assert.equal(valueOf({}), false);
    assert.equal(valueOf({ file }), true);
    assert.equal(valueOf({ file, env }), false);
    assert.equal(valueOf({ file, env, flags: { requireVerified: true } }), true);
  });

  for (const [text, value] of Object.entries({ true: true, "1": true, false: false, "0": false })) {
    it(`takes ${text} from the environment`, () =>
      assert.equal(valueOf({ env: { VERIFIED_IMAGES_REQUIRE_VERIFIED: text } }), value));
  }

  for (const bad of ["", "yes", "TRUE", "toString"]) {
    it(`is an error, not off, at ${JSON.stringify(bad)} in the environment`, () => {
      const env = { VERIFIED_IMAGES_REQUIRE_VERIFIED: bad };
      assert.throws(() => valueOf({ env }), SettingsError);
      assert.throws(() => valueOf({ env, file: { requireVerified: false } }), /could weaken a gate/);
    });
  }

  for (const bad of ["true", 1, null, []]) {
    it(`is an error, not off, at ${JSON.stringify(bad)} in the file`, () =>
      assert.throws(() => valueOf({ file: { requireVerified: bad } }), SettingsError));
  }

  it("is an error when it may be misspelt in the file", () =>
    assert.throws(
      () => valueOf({ file: { requireVerifed: true } }),
      /has "requireVerifed", which is no setting/,
    ));

  it("asks nobody else when a flag decides", () => {
    const file = { requireVerified: "maybe" };
    assert.equal(valueOf({ file, flags: { requireVerified: true } }), true);
    assert.equal(valueOf({ file, flags: { requireVerified: false } }), false);
  });
});
