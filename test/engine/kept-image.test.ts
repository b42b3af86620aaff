import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../support/archive";
import { startAptArchive } from "../support/apt-archive";
import { engineAt } from "../../provider/build/functions/effects";
import { imageId, removeImage } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { selfSigned } from "./support/certificate";
import { imageContents, type ImageContents } from "./support/image-contents";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";
import { historyNamesOurs, withoutOurs } from "./support/traces";

const REVISION = "0123456789abcdef0123456789abcdef01234567";

/** Files whose very name differs between any two builds: logs named by the time, and Node's cache of compiled code. */
const NAMED_BY_CHANCE = /\/\.npm\/_logs\/[^/]+$|\/node-compile-cache\/.*[^/]$/;
/** Files that hold a time, so their bytes differ between any two builds; all else about them is compared. */
const HOLDS_TIME =
  /\/var\/log\/|\/var\/cache\/(?:apt|ldconfig|debconf)\/|\/var\/lib\/apt\/lists\/|\.pyc$|\/\.npm\/_cacache\/|\/\.npm\/_update-notifier/;

/** A line for every entry of every layer, without what differs between any two builds of one recipe. */
function entryLines({ layers }: ImageContents): string[] {
  return layers.flatMap((entries, layer) =>
    Object.entries(entries)
      .filter(([path]) => !NAMED_BY_CHANCE.test(path))
      .map(([path, text]) => [path, HOLDS_TIME.test(path) ? text.replace(/ \d+ bytes .*/, "") : text])
      .map(([path, text]) => `layer ${layer}: ${path} ${text}`),
  );
}

function onlyIn(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

describeInLanes(
  "the image that is kept is the one that `docker build` makes of the loose recipe",
  function () {
    this.timeout(300_000);
    const trusted = process.env.NODE_EXTRA_CA_CERTS;
    let archives: { apt: Archive; pip: Archive; npm: Archive };
    let tools: string;
    let bench: Bench;

    before(async () => {
      tools = await toolsImage();
      const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
      archives = { apt, pip, npm };
      await apt.publish({ name: "own-deb", version: "1.0" });
      await pip.publish({ name: "own-wheel", version: "1.0" });
      await npm.publish({ name: "own-cli", version: "1.0.0", manifest: { bin: "index.js" } });
    });
    beforeEach(async () => {
      bench = await makeBench();
      const file = join(bench.directory, "authority.pem");
      await writeFile(file, (await selfSigned("192.0.2.1")).cert);
      process.env.NODE_EXTRA_CA_CERTS = file;
    });
    afterEach(async () => {
      if (trusted === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
      else process.env.NODE_EXTRA_CA_CERTS = trusted;
      await removeImage(`${bench.name}:plain`);
      await bench.dispose();
    });
    after(async () => {
      await Promise.all(Object.values(archives ?? {}).map((archive) => archive.close()));
    });

    /** Both images of a recipe: as it is kept, and as docker alone builds it. */
    async function both(recipe: string): Promise<[kept: ImageContents, plain: ImageContents]> {
      await bench.write(
        "package.json",
        JSON.stringify({ name: "site", dependencies: { "own-cli": "^1.0.0" } }),
      );
      await bench.write("Dockerfile", recipe);
      const labels = { "org.example.team": "web" };
      const { reference, verified, reason } = await bench.build({ labels, revision: REVISION });
      assert.equal(verified, "verified", reason ?? "");
      const plain = `${bench.name}:plain`;
      await engineAt(undefined, 30).build({
        dockerfile: recipe,
        ignore: "",
        context: bench.context,
        tag: plain,
        target: null,
        platform: null,
        buildArgs: { GIT_SHA: REVISION },
        labels: { ...labels, "org.opencontainers.image.revision": REVISION },
        bases: [{ reference: tools, imageId: await imageId(tools) }],
        secrets: {},
        cache: false,
        logFile: join(bench.directory, "plain.log"),
        timeoutMs: 120_000,
      });
      const [one, other] = await imageContents([reference, plain]);
      assert.ok(one && other);
      return [one, other];
    }

    async function assertAlike(kept: ImageContents, plain: ImageContents): Promise<void> {
      assert.deepEqual(kept.config, plain.config);
      const names = await historyNamesOurs();
      assert.equal(kept.history.join().includes("PIP_CERT"), names);
      assert.deepEqual(names ? withoutOurs(kept.history) : kept.history, plain.history);
      assert.equal(kept.layers.length, plain.layers.length);
      const [ours, theirs] = [entryLines(kept), entryLines(plain)];
      assert.deepEqual(
        { kept: onlyIn(ours, theirs), plain: onlyIn(theirs, ours) },
        { kept: [], plain: [] },
        "entries that only one of the images has",
      );
      for (const path of ["/own_wheel/__init__.py", "/own-cli/package.json", "/own-deb.list"])
        assert.ok(
          theirs.some((line) => line.includes(path) && / bytes /.test(line)),
          path,
        );
    }

    it("with apt, pip and npm, an own authority, a revision, and every kind of setting", async () => {
      const { apt, pip, npm } = archives;
      const [kept, plain] = await both(`FROM ${tools}
ARG GIT_SHA
ARG COLOUR=red
ENV STAMP=$GIT_SHA
SHELL ["/bin/bash", "-e", "-c"]
RUN ${aptInstall(apt, "own-deb")}
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-wheel
RUN npm install -g ${npm.sourceLine} own-cli
WORKDIR /site
COPY --chown=1000:1000 package.json .
RUN npm install ${npm.sourceLine} && chown -R 1000 /site
USER 1000:1000
ENV HOME=/site
RUN echo $COLOUR > colour && node /usr/local/lib/node_modules/npm/bin/npx-cli.js own-cli
EXPOSE 8080/tcp
VOLUME ["/data"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s CMD true
ONBUILD RUN true
ENTRYPOINT ["node"]
CMD ["--version"]
`);
      await assertAlike(kept, plain);
      assert.ok(
        plain.history.some((line) => line.includes("|2 GIT_SHA=")),
        plain.history.join("\n"),
      );
    });

    it("with stages that have no name, one upon another", async () => {
      const { apt, pip, npm } = archives;
      const [kept, plain] = await both(`ARG BASE=${tools}
FROM $BASE
RUN npm install -g ${npm.sourceLine} own-cli && mkdir /out && echo one > /out/one
FROM $BASE AS second
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-wheel
FROM second
ARG GIT_SHA
COPY --from=0 /out /first
COPY --from=0 /usr/local/lib/node_modules/own-cli /own-cli
RUN ${aptInstall(apt, "own-deb")}
RUN --mount=type=bind,from=second,source=/opt/venv,target=/mnt test -e /mnt/bin && echo three > /third
`);
      await assertAlike(kept, plain);
    });
  },
);
