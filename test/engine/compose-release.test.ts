import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerCompose } from "../../provider/engines/docker/compose";
import { dockerContainers } from "../../provider/engines/docker/containers";
import { ComposeMissingError, ComposeUnreadableError } from "../../provider/engines/errors";
import { makeByCompose, readService, type ComposeSettings } from "../../provider/stage/compose-release";
import { NAME_LABEL, RELEASE_LABEL } from "../../provider/stage/release";
import { setAside } from "../../provider/stage/set-aside";
import { describeWithCompose } from "../support/compose";
import { docker } from "../support/docker";
import { freePort } from "../support/free-port";
import { ownImages } from "../support/own-images";
import { until } from "../support/until";
import { ask, buildWebService } from "../support/web-service";

describeWithCompose("a release in a service of a compose file", function () {
  this.timeout(120_000);
  const images = ownImages("composed");
  const { name } = images;
  const containers = dockerContainers(undefined, 30_000);
  const compose = dockerCompose(undefined, 30_000);
  let folder: string;
  let imageId: string;
  let port: number;
  let count = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "composed-"));
    port = await freePort();
    imageId = await buildWebService(`${name}:web`, "200 fine", images.labels);
  });
  afterEach(async () => {
    const left = await images.containers();
    if (left.length > 0) await docker(["rm", "--force", "--volumes", ...left]);
  });
  after(async () => {
    await images.clean();
    for (const what of ["network", "volume"]) {
      const filter = ["--filter", `label=com.docker.compose.project=${name}`];
      const left = await docker([what, "ls", "--quiet", ...filter]);
      if (left !== "") await docker([what, "rm", ...left.split("\n")]);
    }
    await rm(folder, { recursive: true, force: true });
  });

  const settings = (more: Partial<ComposeSettings> = {}): ComposeSettings => ({
    file: join(folder, "deploy", "compose.yaml"),
    profile: "staging",
    service: "web",
    worktree: folder,
    ...more,
  });

  /** Writes a compose file; `web` is YAML of the service, `beside` of the file. */
  async function file(web = "", beside = ""): Promise<void> {
    await mkdir(join(folder, "deploy"), { recursive: true });
    const text = `name: ${name}
services:
  beside:
    image: ${name}:web
    command: ["sleep", "60"]
    init: true
  web:
    image: nothing.invalid/of-that-name
    build: .
    profiles: [staging]
    depends_on: [beside]
    ports:
      - "${port}:8000"
${web}
${beside}
`;
    await writeFile(join(folder, "deploy", "compose.yaml"), text);
  }

  const make = (more: Partial<ComposeSettings> = {}, env: Record<string, string> = {}): Promise<string> =>
    makeByCompose(containers, compose, {
      settings: settings(more),
      wish: { name, port, production: { port: 1 } },
      imageId,
      env,
      labels: { [RELEASE_LABEL]: `00000000000${count++}`, [NAME_LABEL]: name },
    });

  /** The user's own call, with the file as it stands. */
  const userUp = (...services: string[]): Promise<string> =>
    docker(["compose", "--file", settings().file, "up", "--detach", "--no-build", ...services], {
      env: { ...process.env, DOCKER_BUILDKIT: "1" },
    });
  const inside = (id: string, ...command: string[]): Promise<string> => docker(["exec", id, ...command]);

  it("is made from the image ID beside what runs, and nothing is started, built or pulled", async () => {
    await file();
    const first = await make();
    assert.equal((await containers.find(name))?.id, first);
    assert.equal((await containers.find(first))?.imageId, imageId);
    await containers.start(first);
    const before = await setAside(containers, name, []);
    const second = await make();
    assert.equal((await containers.find(first))?.running, true);
    const fresh = await containers.find(name);
    assert.deepEqual([fresh?.id, fresh?.running], [second, false]);
    assert.equal(fresh?.labels["com.docker.compose.service"], "web");
    assert.equal(fresh.labels["com.docker.compose.project"], name);
    assert.deepEqual(
      before.map(({ id }) => id),
      [first],
    );
    assert.equal((await images.containers()).length, 2, "the service that it depends on was made, too");
  });

  it("reaches the project's other services, whose network stays what it is", async () => {
    await file();
    await userUp("beside");
    const network = (): Promise<string> =>
      docker(["network", "inspect", "--format", "{{.Id}}", `${name}_default`]);
    const before = await network();
    await file("", "networks: {default: {labels: {changed: since}}}");
    const id = await make();
    await containers.start(id);
    assert.equal(await network(), before);
    assert.match(await inside(id, "getent", "hosts", "beside"), /beside/);
  });

  it("keeps the volume that it finds, with what is in it", async () => {
    await file("    volumes: ['kept:/kept']", "volumes: {kept: {}}");
    const first = await make();
    await containers.start(first);
    await inside(first, "sh", "-c", "echo data > /kept/file");
    await setAside(containers, name, []);
    await file("    volumes: ['kept:/kept']", "volumes: {kept: {labels: {changed: since}}}");
    const second = await make();
    await containers.start(await containers.remove(first).then(() => second));
    assert.equal(await inside(second, "cat", "/kept/file"), "data");
  });

  it("has the file's environment and the release's, as they are written", async () => {
    const odd = "two  words \"quoted\" 'so' $HOME $$ $(id) ${X} \\ end\nand another line";
    await writeFile(join(folder, "deploy", "web.env"), "FROM_FILE='a $$ b'\nODD=no\n");
    await file("    env_file: [web.env]\n    environment: {OWN: 'x $$$$ y'}");
    const id = await make({}, { ODD: odd });
    await containers.start(id);
    const say = (variable: string): Promise<string> => inside(id, "printenv", variable);
    assert.equal(await say("ODD"), odd);
    assert.equal(await say("OWN"), "x $$ y");
    assert.equal(await say("FROM_FILE"), "a $$ b");
  });

  it("answers on the port that the file publishes", async () => {
    await file();
    await containers.start(await make());
    const { answer } = await until("an answer", 60_000, () =>
      ask(`http://127.0.0.1:${port}/`).catch(() => null),
    );
    assert.equal(answer, "200 fine");
  });

  it("sweeps what an interrupted one has made and not named", async () => {
    await file();
    const labels = ["--label", `${NAME_LABEL}=${name}`];
    const left = await docker(["create", "--name", `${name}-web-1`, ...labels, imageId]);
    await make();
    assert.equal(await containers.find(left), null);
  });

  describe("with a work tree that is elsewhere on the engine's host", () => {
    const mounts =
      "    volumes: ['./data:/relative', '../top:/above']\n    secrets: [word]\n    env_file: [web.env]";
    const beside = "secrets: {word: {file: ../word.txt}}";
    let seen: string;

    before(async () => {
      // The client sees the work tree only through a link; the engine is told the real place.
      seen = `${folder}-seen`;
      await symlink(folder, seen);
      await mkdir(join(folder, "deploy", "data"), { recursive: true });
      await mkdir(join(folder, "top"), { recursive: true });
      await writeFile(join(folder, "deploy", "data", "file"), "relative");
      await writeFile(join(folder, "top", "file"), "above");
      await writeFile(join(folder, "word.txt"), "secret");
      await writeFile(join(folder, "deploy", "web.env"), "FROM_FILE=read\n");
    });
    after(() => rm(seen, { force: true }));

    const mapped = (worktreeOnHost: string): Partial<ComposeSettings> => ({
      file: join(seen, "deploy", "compose.yaml"),
      worktree: seen,
      worktreeOnHost,
    });

    it("mounts what is there, and reads env files where the program runs", async () => {
      await file(mounts, beside);
      const id = await make(mapped(`${folder}/`));
      await containers.start(id);
      assert.equal(await inside(id, "cat", "/relative/file"), "relative");
      assert.equal(await inside(id, "cat", "/above/file"), "above");
      assert.equal(await inside(id, "cat", "/run/secrets/word"), "secret");
      assert.equal(await inside(id, "printenv", "FROM_FILE"), "read");
      const sources = await docker(["inspect", "--format", "{{range .Mounts}}{{.Source}} {{end}}", id]);
      assert.ok(!sources.includes(seen), sources);
    });

    it("mounts another tree of the engine's host, if that is what it is told", async () => {
      await file("    volumes: ['./data:/relative']");
      const other = join(folder, "other");
      await mkdir(join(other, "deploy", "data"), { recursive: true });
      await writeFile(join(other, "deploy", "data", "file"), "the host's");
      const id = await make(mapped(other));
      await containers.start(id);
      assert.equal(await inside(id, "cat", "/relative/file"), "the host's");
    });

    it("refuses paths that are not in it", async () => {
      await file("    volumes: ['../../outside:/o']");
      const { failures } = await readService(compose, settings(mapped("/srv/app")), { name, port });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["staging.compose.worktreeOnHost"],
      );
      assert.match(failures[0]?.reason ?? "", /a volume of web is \.\.\/\.\.\/outside, which is not in it/);
    });
  });

  describe("is refused", () => {
    const REFUSED: {
      claim: string;
      web?: string;
      beside?: string;
      more?: Partial<ComposeSettings>;
      words: RegExp;
    }[] = [
      {
        claim: "a service that is not there",
        more: { service: "wep" },
        words: /no service wep with the profile staging; it has beside, web/,
      },
      {
        claim: "a service that is in no profile",
        more: { service: "beside" },
        words: /the service beside of \S+ is in no profile/,
      },
      {
        claim: "production's port",
        web: "      - '8500:9000'",
        words: /publishes 8500, which is production's port/,
      },
      {
        claim: "production's port in a range",
        web: "      - '8499-8501:9000-9002'",
        words: /publishes 8500, which is production's port/,
      },
      {
        claim: "production's container_name",
        web: "    container_name: production-web",
        words: /its container_name is production-web, which is production's name/,
      },
      {
        claim: "another container_name",
        web: "    container_name: other-web",
        words: /but \S+ says container_name other-web/,
      },
      {
        claim: "a secret that compose writes as it starts",
        web: "    secrets: [s]",
        beside: "secrets: {s: {environment: HOME}}",
        words: /the secret s comes from `environment`/,
      },
      {
        claim: "hooks that compose runs as it starts",
        web: "    post_start: [{command: ['true']}]",
        words: /it has `post_start`/,
      },
    ];
    for (const { claim, web, beside, more, words } of REFUSED) {
      it(`for ${claim}`, async () => {
        await file(web, beside);
        const wish = { name, port, production: { name: "production-web", port: 8500 } };
        const { failures } = await readService(compose, settings(more), wish);
        assert.match(failures.map(({ reason }) => reason).join("\n"), words);
        assert.deepEqual(await images.containers(), []);
      });
    }

    it("for a port that the file does not publish", async () => {
      await file();
      const { failures } = await readService(compose, settings(), { name, port: 1 });
      assert.match(
        failures.map(({ reason }) => reason).join("\n"),
        /is 1, which \S+ does not publish for web/,
      );
    });

    it("for a file that is not there, or that compose can't read", async () => {
      const gone = readService(compose, settings({ file: "/nowhere/compose.yaml" }), {});
      await assert.rejects(
        gone,
        (error) => error instanceof ComposeUnreadableError && /no such file/.test(error.message),
      );
      await file("    unheard_of: true");
      await assert.rejects(readService(compose, settings(), {}), /docker compose can't use .*unheard_of/s);
    });
  });

  it("says what is missing where the docker client has no compose", async () => {
    const { DOCKER_CONFIG } = process.env;
    process.env.DOCKER_CONFIG = folder;
    try {
      await file();
      const reading = compose.read({ ...settings(), project: null });
      // A plugin for all users of the machine is found without a configuration.
      const forAll = await docker(["compose", "version"], { env: process.env }).catch(() => null);
      if (forAll !== null) assert.equal((await reading).name, name);
      else {
        await assert.rejects(
          reading,
          (error) => error instanceof ComposeMissingError && /install the compose plugin/.test(error.message),
        );
      }
    } finally {
      process.env.DOCKER_CONFIG = DOCKER_CONFIG;
    }
  });
});
