import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanHistory } from "../../provider/engines/docker/clean-history";
import { dockerClient, type DockerClient } from "../../provider/engines/docker/client";
import { imageHistory } from "../../provider/engines/docker/image-history";
import { inspectImage } from "../../provider/engines/docker/inspect";
import { savedConfiguration } from "../../provider/engines/docker/saved-configuration";
import type { ImageFacts } from "../../provider/engines/engine";
import { docker } from "../support/docker";
import { slimImage } from "./support/base-images";

const TRACES = { APT_CONFIG: "/dev/verified-images-apt-x/apt.conf" };

/** A client that notes what it is asked to do. */
function watched(client: DockerClient, seen: string[]): DockerClient {
  return {
    ...client,
    run: (args, options) => {
      seen.push(args.slice(0, 2).join(" "));
      return client.run(args, options);
    },
    start: (args, options) => {
      seen.push(args.slice(0, 2).join(" "));
      return client.start(args, options);
    },
  };
}

describe("the history of the image that stays", function () {
  this.timeout(120_000);
  const name = `history-${randomBytes(4).toString("hex")}`;
  let folder: string;
  let base: string;
  const client = dockerClient(undefined, 30_000);

  before(async () => {
    base = await slimImage();
    folder = await mkdtemp(join(tmpdir(), "engine-tests-history-"));
    await writeFile(join(folder, "file"), "content\n");
  });
  after(async () => {
    const listed = await docker(["image", "ls", "--quiet", "--no-trunc", name]);
    for (const id of new Set(listed.split("\n").filter(Boolean)))
      await docker(["image", "rm", "--force", id]);
    await rm(folder, { recursive: true, force: true });
  });

  const build = async (tag: string, recipe: string): Promise<ImageFacts> => {
    await writeFile(join(folder, "Dockerfile"), recipe);
    await docker(["build", "--quiet", "--no-cache", "--tag", `${name}:${tag}`, folder]);
    const facts = await inspectImage(client, `${name}:${tag}`);
    assert.ok(facts);
    return facts;
  };

  const RICH = (arg: string): string => `ARG VERSION=1
FROM scratch AS other
COPY file /other
FROM ${base}
${arg}
ARG VERSION
MAINTAINER Somebody <somebody@example.invalid>
ENV A=1 B="two words" C='"'
LABEL one="1" two.three="a=b\\
c"
RUN echo \\
\t"tab	and > sign & \\"quotes\\"" > /made
RUN true
WORKDIR /usr
WORKDIR /srv/new
COPY file .
ADD file /added
COPY --from=other /other /other
EXPOSE 80/tcp 90/udp
VOLUME /data /more
HEALTHCHECK --interval=5s --timeout=2s --start-period=1s --retries=4 CMD test -e /made
SHELL ["/bin/sh", "-e", "-c"]
RUN echo second
STOPSIGNAL SIGINT
ONBUILD RUN echo later
ENTRYPOINT ["/bin/echo", "it"]
CMD ["is", "<here>"]
USER 1000:1000
`;
  const RECIPES: Record<string, (arg: string) => string> = {
    "every instruction": RICH,
    "an image from scratch, of one step that has no layer": (arg) =>
      `FROM scratch\n${arg}\nCOPY file /\nENV A=1\n`,
    "steps that change nothing": (arg) => `FROM ${base}\n${arg}\nRUN true\nWORKDIR /\nRUN true\nCMD ["x"]\n`,
  };

  for (const [number, [title, recipe]] of Object.entries(RECIPES).entries()) {
    it(`is cleaned without copying its layers, and just as with it: ${title}`, async () => {
      const image = await build(
        `dirty-${number}`,
        recipe("ARG APT_CONFIG=/dev/verified-images-apt-x/apt.conf"),
      );
      const seen: string[] = [];
      const quick = await cleanHistory(watched(client, seen), image, `${name}:quick-${number}`, TRACES);
      assert.ok(!seen.includes("image save"), seen.join());
      assert.notEqual(quick.id, image.id);
      const exact = await cleanHistory(client, image, `${name}:exact-${number}`, TRACES, { exact: true });
      const told = async (tag: string): Promise<unknown> => {
        const [facts = {}] = JSON.parse(await docker(["image", "inspect", `${name}:${tag}`])) as object[];
        const { Id, RepoTags, Metadata, ...rest } = facts as Record<string, unknown>;
        assert.ok(Id && RepoTags && Metadata);
        const history = await imageHistory(client, `${name}:${tag}`);
        return { ...rest, history };
      };
      assert.deepEqual(await told(`quick-${number}`), await told(`exact-${number}`));

      const raw = async ({ id }: ImageFacts): Promise<Record<string, unknown>> => {
        const text = (await savedConfiguration(client, id)).toString("utf8");
        const toTheSecond = text.replace(/("created":"[0-9T:-]{19})(?:\.[0-9]+)?Z"/g, '$1Z"');
        const configuration = JSON.parse(toTheSecond) as Record<string, unknown>;
        const set = Object.entries(configuration.config as object).filter(([, value]) => value !== null);
        return { ...configuration, config: Object.fromEntries(set) };
      };
      assert.deepEqual(await raw(quick), await raw(exact));
    });
  }

  it("is left as it is where there is no trace", async () => {
    const image = await build("plain", `FROM ${base}\nRUN true\n`);
    const seen: string[] = [];
    const kept = await cleanHistory(watched(client, seen), image, `${name}:plain`, TRACES);
    assert.equal(kept.id, image.id);
    assert.ok(!seen.some((words) => /save|load/.test(words)));
  });

  it("is cleaned with the engine's own copy where the engine does not tell", async () => {
    const image = await build("mute", `FROM ${base}\nARG APT_CONFIG=${TRACES.APT_CONFIG}\nRUN true\n`);
    const seen: string[] = [];
    const mute = watched(client, seen);
    const kept = await cleanHistory(
      {
        ...mute,
        run: (args, options) =>
          mute.run(args[0] === "system" ? ["system", "no-such-command"] : args, options),
      },
      image,
      `${name}:mute`,
      TRACES,
    );
    assert.ok(seen.includes("image save"));
    assert.doesNotMatch(JSON.stringify(await imageHistory(client, kept.id)), /APT_CONFIG/);
  });
});
