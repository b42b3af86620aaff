import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import type { ChildResult } from "../support/child";
import { buildTiny, docker, dockerProgram, imageExists, imageId, removeImage } from "../support/docker";
import { ownImages } from "../support/own-images";
import { runChild } from "../support/child";
import { until } from "../support/until";
import { HOOK, hookEnvironment, runHook } from "./support/deploy-hook";

const REVISION = "a".repeat(40);
const OTHER = "b".repeat(40);
const MATCH = /provenance match: aaaaaaaaaaaa/;

/** What would run, forge a line or end a word where a value is not quoted. */
const HOSTILE = ["$(touch pwned) `touch pwned` ; touch pwned\ntouch pwned", `it's a"b`, "--help"];

describe("the deploy hook promotes", function () {
  this.timeout(120_000);
  const images = ownImages("hook");
  const at = (tag: string): string => `${images.name}:${tag}`;
  const production = at("production");
  let directory: string;
  let old: string;
  let good: string;

  /** Promotes `candidate` in a directory in which nothing may appear. */
  async function promote(
    candidate: string,
    env: Readonly<Record<string, string>>,
    words?: readonly string[],
  ): Promise<ChildResult> {
    const given = { CANDIDATE_IMAGE: candidate, TARGET_IMAGE: production, ...env };
    const result = await runHook(directory, given, { words });
    assert.deepEqual(await readdir(directory), [], "nothing but the hook's own commands ran");
    return result;
  }

  /** A program of its own in another folder, in the place of a command. */
  async function program(text: string): Promise<{ file: string; remove(): Promise<void> }> {
    const folder = await mkdtemp(join(tmpdir(), "verified-images-hook-"));
    const file = join(folder, "program with 'quotes'");
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
    return { file, remove: () => rm(folder, { recursive: true }) };
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "verified-images-hook-"));
    const build = (tag: string, labels: Record<string, string>): Promise<string> =>
      buildTiny({ name: at(tag), labels: { ...images.labels, ...labels } });
    old = await build("old", {});
    good = await build("good", { [REVISION_LABEL]: REVISION });
    await build("other", { [REVISION_LABEL]: OTHER });
  });
  beforeEach(() => docker(["tag", old, production]));
  after(async () => {
    await images.clean();
    await rm(directory, { recursive: true });
  });

  it("and shellcheck has nothing to say of it", async () => {
    const { code, stdout } = await runChild("shellcheck", [HOOK]);
    assert.deepEqual([code, stdout], [0, ""]);
  });

  it("what was validated, named by variables or by words", async () => {
    const byVariables = await promote(at("good"), { EXPECTED_REVISION: REVISION });
    assert.equal(byVariables.code, 0, byVariables.stderr);
    assert.match(byVariables.stderr, MATCH);
    assert.equal(byVariables.stdout, `${production} is ${good}\n`);
    assert.equal(await imageId(production), good);

    const byWords = await promote("", { TARGET_IMAGE: "", EXPECTED_REVISION: REVISION }, [good, at("new")]);
    assert.equal(byWords.code, 0, byWords.stderr);
    assert.equal(await imageId(at("new")), good);
  });

  it("the image that was judged, also when its name is moved meanwhile", async () => {
    const moving = at("moving");
    await docker(["tag", good, moving]);
    const real = await dockerProgram();
    // Moves the name once its image has been told.
    const client = await program(
      `if [ "$1 $2" = "image inspect" ] && mkdir "$0.once" 2>/dev/null; then\n` +
        `'${real}' "$@" || exit\nexec '${real}' tag '${at("other")}' '${moving}'\nfi\nexec '${real}' "$@"`,
    );
    try {
      const { code, stderr } = await promote(moving, { EXPECTED_REVISION: REVISION, DOCKER: client.file });
      assert.equal(code, 0, stderr);
      assert.equal(await imageId(moving), await imageId(at("other")), "it was moved");
      assert.equal(await imageId(production), good);
    } finally {
      await client.remove();
    }
  });

  it("as before where no revision is expected, with a warning", async () => {
    const { code, stderr } = await promote(at("other"), {});
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: EXPECTED_REVISION is not set: the image is tagged whatever revision/);
    assert.equal(await imageId(production), await imageId(at("other")));
  });

  it("not even then what the command's settings want verified", async () => {
    const store = await mkdtemp(join(tmpdir(), "verified-images-hook-"));
    try {
      const env = { VERIFIED_IMAGES_ROOT: store, VERIFIED_IMAGES_REQUIRE_VERIFIED: "true" };
      const { code, stderr } = await promote(at("good"), env);
      assert.equal(code, 1);
      assert.match(stderr, /was not promoted, and no tag was moved: .*is not verified \(unknown\)/);
      assert.equal(await imageId(production), old);
    } finally {
      await rm(store, { recursive: true });
    }
  });

  // An image's labels, one by one: test/unit/base/revision/verdict.test.ts.
  const REFUSALS: [claim: string, candidate: string, env: Record<string, string>, words: RegExp][] = [
    ["an expectation that is set, but empty", "good", { EXPECTED_REVISION: "" }, /is set, but empty/],
    [
      "an expectation of white space",
      "good",
      { EXPECTED_REVISION: " " },
      /provenance fail-closed: empty expected revision/,
    ],
    ["an image of another revision", "other", {}, /provenance mismatch: image b{12} != expected a{12}/],
    ["an image without a label", "old", {}, /provenance fail-closed: image has no revision label/],
    ["an image that is not there", "nothing", {}, /there is no image hook-[^ ]+:nothing on the engine/],
    [
      "a command that is not there",
      "good",
      { VERIFIED_IMAGES: "/nowhere/verified-images" },
      /there is no command \/nowhere/,
    ],
    [
      "a script that is not there",
      "good",
      { VERIFIED_IMAGES: "/nowhere/main.js" },
      /there is no command \/nowhere\/main\.js/,
    ],
    ["a command without a name", "good", { VERIFIED_IMAGES: "" }, /there is no command ""/],
    ["a command that fails", "good", { VERIFIED_IMAGES: "/bin/false" }, /promote ended with 1/],
    [
      "an engine that is gone",
      "good",
      { DOCKER_HOST: "unix:///nonexistent.sock" },
      /Docker is not reachable at unix:\/\/\/nonexistent\.sock/,
    ],
    ["a client that is not there", "good", { DOCKER: "/nowhere/docker" }, /no command \/nowhere\/docker/],
    ["a client that answers nothing", "good", { DOCKER: "/bin/true" }, /does not answer as a docker client/],
    [
      "a target that is an ID",
      "good",
      { TARGET_IMAGE: `sha256:${"0".repeat(64)}` },
      /--target: .* is no tag/,
    ],
  ];
  for (const [claim, candidate, env, words] of REFUSALS) {
    it(`nothing with ${claim}`, async () => {
      const { code, stdout, stderr } = await promote(at(candidate), { EXPECTED_REVISION: REVISION, ...env });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, words);
      assert.equal(await imageId(production), old);
    });
  }

  it("nothing while the engine does not answer, and does not wait for ever", async () => {
    const real = await dockerProgram();
    const client = await program(`case $1 in --version | buildx) exec '${real}' "$@" ;; esac\nexec sleep 60`);
    try {
      const env = { EXPECTED_REVISION: REVISION, DOCKER: client.file, INSPECT_TIMEOUT: "1" };
      const { code, stderr } = await promote(at("good"), env);
      assert.equal(code, 1);
      assert.match(stderr, /did not answer within 1 s/);
      assert.equal(await imageId(production), old);
    } finally {
      await client.remove();
    }
  });

  it("nothing when it is not said what, and names all that is missing at once", async () => {
    const { code, stderr } = await promote("", { TARGET_IMAGE: "" });
    assert.equal(code, 1);
    assert.match(stderr, /missing or empty: CANDIDATE_IMAGE \(the image to promote\), TARGET_IMAGE/);
  });

  for (const words of [["one"], ["one", "two", "three"], ["--nothing"], ["--build-staging", "more"]]) {
    it(`nothing with the words ${words.join(" ")}`, async () => {
      const { code } = await promote(at("good"), { EXPECTED_REVISION: REVISION }, words);
      assert.equal(code, 1);
      assert.equal(await imageId(production), old);
    });
  }

  it("nothing with hostile values, which run nothing and forge no line", async () => {
    const names =
      "CANDIDATE_IMAGE TARGET_IMAGE EXPECTED_REVISION VERIFIED_IMAGES DOCKER RESTART_SERVICE".split(" ");
    for (const value of HOSTILE) {
      for (const name of names) {
        // A name from the environment is no option, and neither is a revision: nothing is promoted by asking for help.
        const { code, stdout, stderr } = await promote(at("good"), {
          EXPECTED_REVISION: REVISION,
          [name]: value,
        });
        assert.deepEqual([code, stdout], [1, ""], `${name}=${value}`);
        for (const line of stderr.trimEnd().split("\n"))
          assert.match(line, /^deploy-hook: /, `${name}=${value}`);
        assert.equal(await imageId(production), old);
      }
    }
  });

  it("says how it is used, without an engine", async () => {
    const { code, stdout } = await promote("", { DOCKER: "/nowhere/docker" }, ["-h"]);
    assert.equal(code, 0);
    const names = ["EXPECTED_REVISION", "VERIFIED_IMAGES", "GIT_SHA", "STAGING_CONTAINER", "TARGET_PORT"];
    for (const name of names) assert.ok(stdout.includes(name), name);
  });

  it("to a name that was free, and leaves it free when it refuses", async () => {
    await removeImage(at("free"));
    const env = { TARGET_IMAGE: at("free"), EXPECTED_REVISION: REVISION };
    assert.equal((await promote(at("other"), env)).code, 1);
    assert.equal(await imageExists(at("free")), false);
    assert.equal((await promote(at("good"), env)).code, 0);
    assert.equal(await imageId(at("free")), good);
  });

  describe("and takes it back", () => {
    let client: { file: string; remove(): Promise<void> } | undefined;
    afterEach(() => client?.remove());

    /** A docker client that does something else the first time that it has to tag; `real` is docker with the same words. */
    async function clientThatTags(does: (real: string) => string): Promise<string> {
      const real = `'${await dockerProgram()}' "$@"`;
      client = await program(
        `if [ "$1 $2" = "image tag" ] && mkdir "$0.once" 2>/dev/null; then\n${does(real)}\nfi\nexec ${real}`,
      );
      return client.file;
    }

    it("also when nobody reads any more what it says", async () => {
      const DOCKER = await clientThatTags((real) => `${real}; sleep 1; exit 1`);
      const given = { CANDIDATE_IMAGE: at("good"), TARGET_IMAGE: production, DOCKER };
      const { stdout } = await runChild("sh", ["-c", '"$0" 2>&1 | head -n 1', HOOK], {
        cwd: directory,
        env: await hookEnvironment(given),
      });
      assert.match(stdout, /^deploy-hook: warning: .*\n$/, "only the first line was read");
      assert.deepEqual(await readdir(join(DOCKER, "..")), [
        "program with 'quotes'",
        "program with 'quotes'.once",
      ]);
      assert.equal(await imageId(production), old);
    });

    it("only once the command that was interrupted is over", async () => {
      const DOCKER = await clientThatTags(
        (real) =>
          `late() { trap "" TERM; sleep 1; ${real}; touch "$0.done"; exit; }\ntrap 'late "$@"' TERM\n` +
          `touch "$0.begun"; while :; do sleep 0.1; done`,
      );
      let pid = 0;
      const given = { CANDIDATE_IMAGE: at("good"), TARGET_IMAGE: production, DOCKER };
      const ended = runHook(directory, given, { onStart: (started) => (pid = started) });
      const appears = (end: string): Promise<unknown> =>
        until(`the command to have ${end}`, 60_000, async () =>
          (await readdir(join(DOCKER, ".."))).some((name) => name.endsWith(end)) ? true : null,
        );
      await appears("begun");
      process.kill(pid, "SIGTERM");
      const { code, stderr } = await ended;
      await appears("done");
      assert.equal(code, 143);
      for (const line of stderr.trimEnd().split("\n")) assert.match(line, /^deploy-hook: /);
      // The command may tell of its end before it is asked whether the promotion was interrupted.
      const restored = /put back: .*production is what it was before|every target is as it was before/;
      assert.match(stderr, /^deploy-hook: interrupted$/m);
      assert.match(stderr, restored);
      assert.equal(await imageId(production), old);
    });

    it("and does not lose a candidate that has no other name", async () => {
      const nameless = await buildTiny({ name: at("nameless"), labels: { ...images.labels, nameless: "" } });
      await docker(["tag", old, at("nameless")]);
      const target = at("never");
      const DOCKER = await clientThatTags((real) => `${real}; exit 1`);
      const { code, stderr } = await promote(nameless, { TARGET_IMAGE: target, DOCKER });
      assert.equal(code, 1);
      assert.match(stderr, /every target is as it was before/);
      assert.equal(await imageExists(target), false);
      assert.equal(await imageExists(nameless), true);
    });

    it("and leaves no name but its own where the candidate has one", async () => {
      const target = at("never");
      const DOCKER = await clientThatTags((real) => `${real}; exit 1`);
      const { code, stderr } = await promote(at("good"), { TARGET_IMAGE: target, DOCKER });
      assert.equal(code, 1);
      assert.match(stderr, /every target is as it was before/);
      assert.equal(await imageExists(target), false);
      const names = await docker(["image", "inspect", "--format", '{{join .RepoTags " "}}', good]);
      assert.doesNotMatch(names, /verified-images/);
    });
  });
});
