import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { imageInputs, withImageFlags, type ImageFlags } from "../../../cli/flags/image";

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

  it("leave out what is not given, for the inputs' own check to name", () => {
    assert.deepEqual(inputsOf(), { ...SETTINGS, verify: "background" });
  });

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
  ]) {
    it(`refuse ${words.join(" ")}`, () => assert.throws(() => flagsOf(...words), CommanderError));
  }
});
