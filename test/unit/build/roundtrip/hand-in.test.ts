import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { handIn, traceSentence, type HandedIn } from "../../../../provider/build/roundtrip/hand-in";
import type { ImageFacts } from "../../../../provider/engines/engine";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { runInstructions } from "../../../../provider/recipe/dockerfile/stages";
import { neutralPins } from "../../../../provider/recipe/pins/pinned-stage";
import type { ParsedDockerfile } from "../../../../provider/recipe/dockerfile/types";
import { imageOf } from "../../promote/gate/memory-engine";
import { id } from "../../store/scratch";

const BASE = { reference: "base", digest: "sha256:b", imageId: id("b"), pinned: "pinned" };

describe("handIn", () => {
  const open: HandedIn[] = [];
  let parsed: ParsedDockerfile;
  const asked: string[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.dispose();
    asked.length = 0;
  });

  /** What a recipe is handed in by a builder of this version; the image `base` sets the variables. */
  async function handed(recipe: string, buildkit: string, environment: string[] = []): Promise<HandedIn> {
    const facts: ImageFacts = { ...imageOf(BASE.imageId), environment };
    const answer = <T>(given: T, ...questions: readonly string[]): Promise<T> => {
      asked.push(...questions);
      return Promise.resolve(given);
    };
    const engine = {
      builder: () => answer({ driver: "docker", buildkit }, "builder"),
      inspect: (names: readonly string[]) => answer(new Map(names.map((name) => [name, facts])), ...names),
    };
    parsed = parseDockerfile(recipe);
    const given = await handIn(engine, parsed, { platform: "linux/amd64" }, [BASE]);
    open.push(given);
    return given;
  }
  /** For each RUN of that recipe, whether APT_CONFIG comes to it as a secret. */
  const bySecret = (given: HandedIn): boolean[] =>
    parsed.stages.flatMap((stage) =>
      runInstructions(stage).map((run) =>
        given.mounts(stage, run).some((flag) => flag.endsWith(",env=APT_CONFIG")),
      ),
    );

  it("gives variables as secrets where the builder takes them, and nothing else tells of them", async () => {
    const given = await handed("FROM base\nRUN x\n", "0.16.0");
    assert.deepEqual(bySecret(given), [true]);
    const lines = parsed.stages.map((stage) => given.stageArguments(stage));
    assert.deepEqual([lines, given.traces(0)], [[{}], null]);
    const { file } = given.secrets["verified-images-variable-APT_CONFIG"] ?? assert.fail();
    assert.equal(readFileSync(file, "utf8"), "/dev/verified-images/apt.conf");
    await given.dispose();
    for (const secret of Object.values(given.secrets)) assert.ok(!existsSync(secret.file));
  });

  it("asks once, whatever the recipe has, and does not ask where nothing runs", async () => {
    await handed("FROM base\nRUN x\nRUN y\nFROM pinned\nRUN z\nCOPY --from=0 /a /b\n", "0.16.0");
    assert.deepEqual(asked.splice(0), ["builder", BASE.imageId]);
    await handed("FROM base\nRUN x\n", "0.15.0");
    assert.deepEqual(asked.splice(0), ["builder"]);
    const given = await handed("FROM base\nCOPY a b\n", "0.15.0");
    assert.deepEqual([asked, given.traces(0)], [[], null]);
  });

  it("leaves alone what the recipe or a base image sets, and what a locked recipe pins", async () => {
    const recipe = 'FROM scratch\nRUN x\nARG APT_CONFIG="/dev/verified-images/apt.conf"\nRUN y\n';
    assert.deepEqual(bySecret(await handed(recipe, "0.16.0")), [true, false]);
    for (const from of ["base", "pinned"]) {
      const given = await handed(`FROM ${from}\nRUN x\n`, "0.16.0", ["APT_CONFIG"]);
      assert.deepEqual(bySecret(given), [false], from);
    }
  });

  it("mounts the same paths into a RUN with pins and one without, and nothing twice", async () => {
    const mount = "--mount=type=bind,from=pins,source=/0,target=/dev/verified-images";
    const recipe = `FROM base\nARG APT_CONFIG="/dev/verified-images/apt.conf"\nRUN ${mount} x\nRUN y\n`;
    const given = await handed(recipe, "0.16.0");
    const stage = parsed.stages[0] ?? assert.fail();
    const [pinned = [], neutral = []] = runInstructions(stage).map((run) =>
      given.mounts(stage, run).flatMap((flag) => /,target=([^,]+)/.exec(flag)?.[1] ?? []),
    );
    const ours = (paths: string[]): string[] => paths.filter((path) => !path.includes("-ca/")).sort();
    assert.deepEqual(ours(pinned), ["/dev/verified-images-apt/record", "/dev/verified-images/apt.conf"]);
    const files = neutralPins().map(({ path }) => `/dev/verified-images/${path}`);
    assert.deepEqual(ours(neutral), ["/dev/verified-images-apt/record", ...files].sort());
  });

  it("gives every build other IDs for what makes its steps its own", async () => {
    const ids = async (): Promise<string[]> => {
      const given = await handed("FROM base\nRUN x\n", "0.16.0");
      const stage = parsed.stages[0] ?? assert.fail();
      return runInstructions(stage).flatMap((run) => given.mounts(stage, run));
    };
    const [one, other] = [await ids(), await ids()];
    assert.ok(one.some((flag) => !other.includes(flag)));
  });

  it("gives ARG lines elsewhere, and says so of images in whose stages something ran", async () => {
    const recipe = "FROM base AS one\nRUN x\nFROM base\nCOPY --from=one /a /b\nFROM one\nCOPY c d\n";
    const given = await handed(recipe, "0.8+unknown");
    assert.deepEqual(bySecret(given), [false]);
    const lines = parsed.stages.map((stage) => "APT_CONFIG" in given.stageArguments(stage));
    const traces = [0, 1, 2].map((stage) => given.traces(stage) !== null);
    assert.deepEqual({ lines, traces }, { lines: [true, false, false], traces: [true, false, true] });
    assert.match(given.traces(0) ?? "", /APT_CONFIG \(\/dev\/verified-images\/apt\.conf\)/);
  });

  it("gives ARG lines to a recipe whose frontend may be an older one", async () => {
    for (const first of ["# syntax=docker/dockerfile:1.4", "#!/usr/bin/env docker"]) {
      const given = await handed(`${first}\nFROM base\nRUN x\n`, "0.31.1");
      assert.deepEqual([bySecret(given), given.traces(0) === null], [[false], false], first);
    }
  });
});

describe("traceSentence", () => {
  it("names the variables, and each path that they point to once", () =>
    assert.match(
      traceSentence({ A: "/dev/x", B: "/dev/y", C: "/dev/x" }),
      /^The image's history names A, C \(\/dev\/x\) and B \(\/dev\/y\), which /,
    ));
});
