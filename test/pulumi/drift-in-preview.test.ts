import assert from "node:assert/strict";
import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTiny, docker } from "../support/docker";
import type { Preview } from "../support/pulumi-preview";
import type { ProgramSpec } from "../support/pulumi-program";
import { COPY_RECIPE, REVISION_A, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
const short = (id: string): string => id.slice(7, 19);

type Outputs = Record<string, unknown>;

/** Something that happens to an image after the update; its name is the image's name in the program. */
interface Harm {
  claim: string;
  harm: () => Promise<unknown>;
  /** What a preview says of it. */
  words: () => RegExp;
  /** What the next update has made of it. */
  healed: (then: Outputs, now: Outputs) => unknown;
}

describe("a plain preview, without refresh, after all that can happen to a stack at once", function () {
  this.timeout(1_800_000);
  let story: Story;
  let [promoted, other, base, moved] = ["", "", "", ""];
  let former: Record<string, Outputs>;
  let latest: Record<string, Outputs>;
  let preview: Preview;
  let text: string;
  let refresh: string;
  let later: Preview;

  const store = (name: string, suffix: string): string =>
    join(story.project.directory, String(former[name]?.lockFile).replace(/\.lock$/, suffix));
  const isBuiltAgain = ({ timestamp }: Outputs, now: Outputs): void =>
    assert.notEqual(now.timestamp, timestamp);
  /** The same build, with a mark that was written anew. */
  const isVerifiedAgain = (name: string) => async (then: Outputs, now: Outputs) => {
    assert.deepEqual([now.timestamp, now.verified], [then.timestamp, "verified"]);
    assert.match(await readFile(store(name, ".verified"), "utf8"), /imageId/);
    await assert.rejects(readFile(store(name, ".unverified")), { code: "ENOENT" });
  };

  const HARMS: Record<string, Harm> = {
    gone: {
      claim: "an image that is gone, which the next update builds again",
      harm: () => docker(["image", "rm", "--force", String(former.gone?.imageId)]),
      words: () =>
        new RegExp(
          `drift: image gone: \\S+-gone:\\S+ is no longer on the engine\\s+Its image ID is ${String(former.gone?.imageId)}`,
        ),
      healed: isBuiltAgain,
    },
    lock: {
      claim: "a lock that was changed, and the next update makes another round trip",
      harm: () => appendFile(store("lock", ".lock"), "\n"),
      words: () => /drift: lock changed: /,
      healed: isBuiltAgain,
    },
    missing: {
      claim: "a lock that is missing, and the next update makes another round trip",
      harm: () => rename(store("missing", ".lock"), store("missing", ".lock.away")),
      words: () => /drift: lock missing: /,
      healed: isBuiltAgain,
    },
    flipped: {
      claim: "a mark that was flipped, and the next update verifies the same build again",
      harm: () => rename(store("flipped", ".verified"), store("flipped", ".unverified")),
      words: () => /drift: mark changed: verified when it was built, unverified now/,
      healed: isVerifiedAgain("flipped"),
    },
    unmarked: {
      claim: "a mark that is gone, and the next update verifies the same build again",
      harm: () => rm(store("unmarked", ".verified")),
      words: () => /drift: mark changed: verified when it was built, unknown now\s+The build has/,
      healed: isVerifiedAgain("unmarked"),
    },
    odd: {
      claim: "a mark that nobody understands, and the next update verifies the same build again",
      harm: () => writeFile(store("odd", ".verified"), "{}"),
      words: () =>
        /drift: mark changed: verified when it was built, unknown now\s+The mark .* can't be understood/,
      healed: isVerifiedAgain("odd"),
    },
    base: {
      claim: "a base image that was moved, and the next update builds from what it is now",
      harm: async () => (moved = await buildTiny({ name: base, labels: story.images.labels, text: "new" })),
      words: () =>
        new RegExp(
          `drift: base image moved: ${base} is ${short(moved)} now\\s+The build has used ${base} as sha256:`,
        ),
      healed: (then, now) => {
        isBuiltAgain(then, now);
        assert.equal(now.verified, "verified");
      },
    },
    changed: {
      claim: "a changed recipe and a changed context, each in its own words",
      harm: async () => {
        await story.project.write("changed/Dockerfile", `${COPY_RECIPE}LABEL more=true\n`);
        await story.project.write("changed/text", "other text\n");
      },
      words: () => /^info: recipe changed: [^]*\ninfo: context changed: /,
      healed: (then, now) => assert.notEqual(now.imageId, then.imageId),
    },
  };
  /** Those whose verdict plays no part are not rebuilt. */
  const UNVERIFIED = ["gone", "missing", "changed"];
  /** Images whose tag follows them. */
  const FOLLOWED = ["gone", "base", "changed"];

  before(async () => {
    story = await startStory("drift", () => ({}));
    const { name, labels } = story.images;
    base = story.tag("base");
    await buildTiny({ name: base, labels, text: "old" });
    promoted = await buildTiny({ name: story.tag("ready"), labels: { ...labels, [LABEL]: REVISION_A } });
    other = await buildTiny({ name: story.tag("other"), labels });
    const images: ProgramSpec["images"] = Object.fromEntries(
      Object.keys(HARMS).map((each) => [
        each,
        {
          name: `${name}-${each}`,
          context: each,
          root: "store",
          revision: REVISION_A,
          labels,
          verify: UNVERIFIED.includes(each) ? "skip" : "inline",
        },
      ]),
    );
    for (const each of Object.keys(images)) {
      const recipe = each === "base" ? COPY_RECIPE.replace("scratch", base) : COPY_RECIPE;
      await story.project.write(`${each}/Dockerfile`, recipe);
      await story.project.write(`${each}/text`, `${name} ${each}\n`);
    }
    const promotions = Object.fromEntries([
      ...FOLLOWED.map((of) => [
        `of-${of}`,
        { of, targets: [story.tag(`of-${of}`)], expectedRevision: REVISION_A },
      ]),
      ...["tag-moved", "tag-gone"].map((each) => [
        each,
        { source: promoted, targets: [story.tag(each)], expectedRevision: REVISION_A },
      ]),
    ]) as ProgramSpec["promotions"];
    await story.declare({ images, promotions });
    former = (await story.project.up({ skipPreview: true })).outputs as typeof former;
    for (const { harm } of Object.values(HARMS)) await harm();
    await story.move(story.tag("tag-moved"), other);
    await docker(["image", "rm", story.tag("tag-gone")]);
    preview = await story.project.preview();
    const { stdout, stderr } = await story.project.previewText();
    text = stdout + stderr;
    const refreshed = await story.project.run(["refresh", "--preview-only"]);
    refresh = refreshed.stdout.slice(refreshed.stdout.indexOf("Diagnostics:"));
    latest = (await story.project.up({ skipPreview: true })).outputs as typeof latest;
    later = await story.project.preview();
  });
  after(() => story.end());

  it("shows an update of each resource, and of nothing else", () => {
    assert.equal(preview.code, 0, preview.diagnostics);
    const all = [...Object.keys(HARMS), ...FOLLOWED.map((of) => `of-${of}`), "tag-moved", "tag-gone"];
    assert.deepEqual(preview.changed(), all.sort());
    assert.deepEqual([...new Set(preview.steps.map(({ op }) => op))].sort(), ["same", "update"]);
  });

  it("names what it found in the diff for people, as a property that changes and as a warning", () => {
    const target = story.tag("tag-gone");
    assert.match(text, new RegExp(`warning: drift: tag gone: ${target} is no longer there`));
    assert.match(text, new RegExp(`[~+] live\\s*: .*"${target} is not there"`));
  });

  it("and a refresh that changes nothing say the same of everything but one's own changes, each once", () => {
    for (const [name, { words }] of Object.entries(HARMS)) {
      const said = refresh.match(new RegExp(words().source, "g")) ?? [];
      assert.equal(said.length, name === "changed" ? 0 : 1, `${name}\n${refresh}`);
    }
    assert.match(refresh, /drift: tag moved: /);
    // The promotion of the image that is gone is gone too.
    assert.match(refresh, /~ 7 to update\s+- 3 to delete/);
    assert.doesNotMatch(preview.said("changed"), /warning|drift/);
  });

  for (const [name, { claim, words, healed }] of Object.entries(HARMS)) {
    it(`shows ${claim}`, async () => {
      assert.match(preview.said(name), words());
      await healed(former[name] ?? {}, latest[name] ?? {});
    });
  }

  it("shows a tag that was moved by hand, and the next update puts it back", async () => {
    const target = story.tag("tag-moved");
    const words = `drift: tag moved: ${target} points to ${short(other)}, but the promotion put it on ${short(promoted)}\n  Run \`pulumi up\`: it judges the image again`;
    assert.ok(preview.said("tag-moved").includes(words), preview.said("tag-moved"));
    assert.match(String(preview.step("tag-moved").newInputs.live), new RegExp(short(other)));
    assert.equal(await story.pointsTo(target), promoted);
  });

  it("shows a tag that was deleted, and the next update sets it again", async () => {
    const target = story.tag("tag-gone");
    assert.match(preview.said("tag-gone"), new RegExp(`drift: tag gone: ${target} is no longer there`));
    assert.equal(await story.pointsTo(target), promoted);
  });

  it("shows promotions of images that are due to be built again, which follow them", async () => {
    assert.match(preview.said("of-gone"), /drift: tag gone: /);
    for (const of of FOLLOWED) assert.equal(await story.pointsTo(story.tag(`of-${of}`)), latest[of]?.imageId);
  });

  it("shows nothing after that update", () => {
    assert.equal(later.code, 0, later.diagnostics);
    assert.deepEqual(later.changed(), []);
    assert.doesNotMatch(later.diagnostics, /drift: /);
  });
});
