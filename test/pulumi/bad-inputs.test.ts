import assert from "node:assert/strict";
import { join } from "node:path";
import { image } from "../../provider/pulumi/image/image-provider";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

/** Property path -> a part of what is said of it. */
type Complaints = Readonly<Record<string, RegExp>>;

const NOWHERE = "tcp://127.0.0.1:1";

describe("bad inputs", function () {
  this.timeout(1_800_000);
  let story: Story;
  before(async () => {
    story = await startStory("bad", () => ({}));
    await story.project.write("empty/text", "no Dockerfile beside it\n");
  });
  after(() => story.end());
  const at = (path: string): string => join(story.project.directory, path);

  /** Previews one bad resource, which must fail with these complaints and no other. */
  async function assertRefused(
    kind: "image" | "promotion",
    args: Arguments,
    complaints: Complaints,
  ): Promise<void> {
    await story.declare({ [kind]: args });
    const { code, diagnostics } = await story.project.preview();
    assert.notEqual(code, 0);
    const lines = diagnostics.split("\n").filter((line) => line.includes(" has a problem: "));
    const named = lines.map((line) => /property (\S+) value/.exec(line)?.[1] ?? line);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(complaints).sort(), diagnostics);
    for (const [property, words] of Object.entries(complaints)) {
      const said = lines.filter((line) => line.includes(`property ${property} value`));
      assert.match(said.map((line) => line.replace(/^.* has a problem: /, "")).join("\n"), words);
    }
    assert.deepEqual(await story.images.ids(), []);
  }

  /** The same of the provider's check alone; Pulumi shows whatever it says. */
  async function assertChecked(kind: "image" | "promotion", args: Arguments, complaints: Complaints) {
    const { failures } = await { image, promotion }[kind].check({}, { ...args });
    const named = new Set(failures.map(({ property }) => property));
    assert.deepEqual([...named].sort(), Object.keys(complaints).sort(), JSON.stringify(failures));
    for (const [property, words] of Object.entries(complaints)) {
      const said = failures.filter((failure) => failure.property === property);
      assert.match(said.map(({ reason }) => reason).join("\n"), words);
    }
  }

  it("of an image are all named at once, before anything runs", () =>
    assertRefused(
      "image",
      {
        name: "Bad Name",
        recipe: "missing/Dockerfile",
        context: "nowhere",
        root: "app/text",
        engine: "podman",
        revision: REVISION_A.slice(0, 7),
        verify: "background",
        requireVerified: true,
        pin: "vendored",
        colour: "red",
        timeouts: { git: -1 },
        secrets: { token: { file: "no-such-file" } },
      },
      {
        name: /expected lower-case letters and digits/,
        recipe: /there is no such file/,
        context: /is not a directory/,
        root: /is not a directory/,
        engine: /unknown engine/,
        revision: /is not a full git revision/,
        requireVerified: /can't be true together with verify: background/,
        pin: /expected versions/,
        colour: /there is no such input/,
        "timeouts.git": /more than 0 seconds/,
        "secrets.token": /no-such-file can't be read/,
      },
    ));

  it("with a password in the endpoint are refused without printing it, for a new image and a first promotion", async () => {
    const host = "ssh://me:hunter2@127.0.0.1";
    const { name } = story.images;
    for (const spec of [
      { image: { name: name, context: "app", root: "store", host } },
      { promotion: { source: `${name}:a`, targets: [`${name}:b`], expectedRevision: REVISION_A, host } },
    ]) {
      await story.declare(spec);
      const { code, stdout, stderr } = await story.project.run(["preview"]);
      assert.notEqual(code, 0);
      assert.match(
        stdout + stderr,
        /has a problem: host has a password in it, which would stand in the state/,
      );
      assert.doesNotMatch(stdout + stderr, /hunter2/);
    }
  });

  it("that nothing implements, or that make no sense together, say so", () =>
    assertChecked(
      "image",
      {
        name: story.images.name,
        context: at("empty"),
        root: at("store"),
        engine: "podman",
        revision: "",
        verify: "skip",
        requireVerified: true,
        push: ["team/web"],
        upstream: true,
        cache: "reuse",
        bitForBit: true,
      },
      {
        recipe: /there is no such file/,
        engine: /unknown engine/,
        revision: /is empty/,
        requireVerified: /can't be true together with verify: skip/,
        "push.0": /team\/web names no registry host/,
        upstream: /there is no such input/,
        cache: /goes only together with lock/,
        bitForBit: /there is no such input/,
      },
    ));

  it("of an image that is given nothing name what is missing", () =>
    assertChecked("image", {}, { name: /is missing/, context: /is missing/, root: /is missing/ }));

  it("of a promotion are all named at once, before anything runs", () =>
    assertRefused(
      "promotion",
      {
        source: "Not A Reference",
        targets: ["web:production", "web:production", "Bad:Target:x"],
        expectedRevision: "",
        engine: "podman",
        requireVerified: true,
        immutable: "yes",
        commit: { branch: "--all" },
        overrideReason: "",
        colour: "red",
      },
      {
        source: /Not A Reference/,
        targets: /names web:production twice/,
        "targets.2": /Bad:Target:x/,
        expectedRevision: /provenance fail-closed: empty expected revision/,
        engine: /unknown engine; expected docker or apptainer/,
        requireVerified: /needs root/,
        immutable: /expected true or false/,
        "commit.worktree": /expected a path, the work tree/,
        "commit.branch": /is no name of a branch/,
        overrideReason: /say why the gate is overridden/,
        colour: /there is no such input/,
      },
    ));

  it("name the Docker engine that does not answer, for a new image and a new promotion", async () => {
    const host = { host: /Docker is not reachable at tcp:\/\/127\.0\.0\.1:1/ };
    await assertChecked(
      "image",
      { name: story.images.name, context: at("app"), root: at("store"), host: NOWHERE },
      host,
    );
    const targets = [story.tag("production")];
    await assertChecked(
      "promotion",
      { source: "web:1", targets, expectedRevision: REVISION_A, host: NOWHERE },
      host,
    );
  });
});

describe("a Docker engine that stops answering", function () {
  this.timeout(1_800_000);
  let story: Story;
  const declare = (more: Arguments = {}, promotion?: Arguments): Promise<void> => {
    const { name, labels } = story.images;
    return story.declare({
      image: { name, context: "app", root: "store", revision: REVISION_A, labels, verify: "skip", ...more },
      ...(promotion && { promotion }),
    });
  };
  const promotion = (): Arguments => ({ targets: [story.tag("production")], expectedRevision: REVISION_A });
  before(async () => {
    story = await startStory("silent", () => ({}));
    await declare({}, promotion());
    await story.project.up({ skipPreview: true });
  });
  after(() => story.end());

  it("is a warning and no difference for an image that is in the state", async () => {
    await declare();
    const preview = await story.project.preview({ DOCKER_HOST: NOWHERE });
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), ["promotion"], "which is declared no longer");
    assert.match(preview.said("image"), /warning: .*can't tell whether the image is still there: /);
  });

  it("fails the preview of a promotion that is in the state", async () => {
    await declare({}, promotion());
    const { code, diagnostics } = await story.project.preview({ DOCKER_HOST: NOWHERE });
    assert.notEqual(code, 0);
    assert.match(
      diagnostics,
      /resource 'promotion': property host .* Docker is not reachable .*; no tag was moved/,
    );
  });

  it("is a warning, too, when another host is asked for that does not answer", async () => {
    await declare({ host: NOWHERE });
    const preview = await story.project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.equal(preview.step("image").op, "update");
    assert.match(preview.said("image"), /warning: .*can't tell whether the image is still there: /);
  });
});
