import assert from "node:assert/strict";
import { buildTiny, docker, imageId } from "../support/docker";
import type { Preview } from "../support/pulumi-preview";
import { COPY_RECIPE, REVISION_A, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";

describe("a resource whose changes are ignored", function () {
  this.timeout(1_800_000);
  let story: Story;
  let [promoted, other] = ["", ""];
  let [ignoring, heeding, target]: Preview[] = [];
  let said: string;

  /** What to ignore, as the resource's options: written down, or added by a transformation. */
  const options = (ignoreChanges: readonly string[] | null, transformed = false): string => {
    const ignore = JSON.stringify(ignoreChanges);
    if (ignoreChanges === null) return "{}";
    return transformed
      ? `{ transformations: [({ props, opts }) => ({ props, opts: { ...opts, ignoreChanges: ${ignore} } })] }`
      : `{ ignoreChanges: ${ignore} }`;
  };

  const PROMOTIONS = {
    live: ["live"],
    targets: ["targets"],
    source: ["source"],
    asked: ["expectedRevision"],
  };
  const IMAGES: Record<string, readonly string[]> = {
    ...{ gone: ["live"], transformed: ["live"] },
    ...{ context: ["context"], contextHash: ["contextHash"], recipe: ["recipe"], path: ["labels"] },
  };

  const program = (heed: boolean): string => {
    const { name, labels } = story.images;
    const image = (key: string, ignore: readonly string[]): string =>
      `new ReproducibleImage("${key}", ${JSON.stringify({
        ...{ name: `${name}-${key.toLowerCase()}`, context: key, root: "store", labels },
        verify: "skip",
      })}, ${options(heed ? null : ignore, key === "transformed")});`;
    const promotion = (key: string, ignore: readonly string[]): string =>
      `new PromotedImage("of-${key}", ${JSON.stringify({
        ...{
          source: story.tag(`next-${key}`),
          targets: [story.tag(`of-${key}`)],
          expectedRevision: REVISION_A,
        },
      })}, ${options(heed ? null : ignore)});`;
    return [
      'const { ReproducibleImage, PromotedImage } = require("pulumi-verified-images");',
      ...Object.entries(IMAGES).map(([key, ignore]) => image(key, ignore)),
      ...Object.entries(PROMOTIONS).map(([key, ignore]) => promotion(key, ignore)),
    ].join("\n");
  };

  before(async () => {
    story = await startStory("ignored", () => ({}));
    const { labels } = story.images;
    promoted = await buildTiny({ name: story.tag("ready"), labels: { ...labels, [LABEL]: REVISION_A } });
    other = await buildTiny({
      name: story.tag("other"),
      labels: { ...labels, [LABEL]: REVISION_A },
      text: "other",
    });
    for (const key of Object.keys(PROMOTIONS)) await story.move(story.tag(`next-${key}`), promoted);
    for (const key of Object.keys(IMAGES)) {
      await story.project.write(`${key}/Dockerfile`, COPY_RECIPE);
      await story.project.write(`${key}/text`, `${story.images.name} ${key}\n`);
    }
    await story.project.write("index.js", program(false));
    await story.project.up({ skipPreview: true });
    const again = await story.project.preview();
    assert.deepEqual([again.code, again.changed()], [0, []], again.diagnostics);
    for (const key of ["live", "targets", "asked"]) await story.move(story.tag(`of-${key}`), other);
    await story.move(story.tag("next-source"), other);
    for (const name of ["gone", "transformed"]) {
      const reference = String((await story.recorded(name))?.outputs?.reference);
      await docker(["image", "rm", reference]);
    }
    for (const key of ["context", "contextHash", "path"])
      await story.project.write(`${key}/text`, "changed\n");
    await story.project.write("recipe/Dockerfile", `${COPY_RECIPE}LABEL more=true\n`);
    ignoring = await story.project.preview();
    await story.project.write("index.js", program(true));
    heeding = await story.project.preview();
    await story.project.write("index.js", program(false));
    const { stdout } = await story.project.up({ skipPreview: true });
    said = stdout;
    target = await story.project.preview();
  });
  after(() => story.end());

  it("shows no update for what is ignored, however that was said, and every other one", () => {
    assert.equal(ignoring?.code, 0, ignoring?.diagnostics);
    // Recipe and context are in the context `recipe`, whose files have changed; `labels` says nothing of files.
    assert.deepEqual(ignoring.changed(), ["of-asked", "path", "recipe"]);
    assert.doesNotMatch(ignoring.said("recipe"), /recipe changed/);
  });

  it("shows an update of each where nothing is ignored", () =>
    assert.deepEqual(
      heeding?.changed(),
      [...Object.keys(IMAGES), ...Object.keys(PROMOTIONS).map((key) => `of-${key}`)].sort(),
    ));

  it("tells of the drift all the same, and why nothing is done", () => {
    const why = /Nothing is done about it, because `ignoreChanges` of this resource says so\./;
    for (const [name, words] of [
      ["of-live", /^info: drift: tag moved: /],
      ["of-targets", /^info: drift: tag moved: /],
      ["of-source", /^info: drift: source moved: /],
      ["gone", /^info: drift: image gone: /],
      ["transformed", /^info: drift: image gone: /],
    ] as const) {
      assert.match(ignoring?.said(name) ?? "", words);
      assert.match(ignoring?.said(name) ?? "", why);
    }
    assert.match(ignoring?.said("of-asked") ?? "", /^(?:warning: )+drift: tag moved: /);
  });

  it("leaves the tags where they are in an update, and puts back the one that is not ignored", async () => {
    for (const key of ["live", "targets"]) assert.equal(await imageId(story.tag(`of-${key}`)), other);
    assert.equal(await imageId(story.tag("of-source")), promoted);
    assert.equal(await imageId(story.tag("of-asked")), promoted);
    assert.match(said, /drift: tag moved/);
    assert.deepEqual(target?.changed(), []);
  });
});
