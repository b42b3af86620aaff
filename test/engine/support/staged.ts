import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkStagingImageFresh, type StagingFreshness, type StagingFreshOptions } from "../../../index";
import { composeFile, removeProject } from "../../support/compose";
import { docker } from "../../support/docker";
import { freePort } from "../../support/free-port";
import { commitAll } from "../../support/git";
import { ownImages, type OwnImages } from "../../support/own-images";
import { until } from "../../support/until";
import { CHECK, untilSays, webService } from "../../support/web-service";
import { shellImage } from "./base-images";
import { quietly } from "./quietly";

/** How a test has its staging container made. */
export type Kind = "a container of its own" | "a service of a compose file";

/** Changes of what {@link Staged.check} is called with. */
export interface Changes {
  staging?: Partial<StagingFreshOptions["staging"]>;
  check?: Partial<StagingFreshOptions["check"]>;
  image?: Partial<StagingFreshOptions["image"]>;
  rest?: Partial<StagingFreshOptions>;
}

/** Compiled, so that a process starts in no time; the set-up of the tests makes it. */
const FRESH = "../../../dist/provider/stage/check-staging-image-fresh.js";

/** A service in a work tree, and a staging where it is tried. */
export interface Staged {
  readonly images: OwnImages;
  readonly name: string;
  readonly directory: string;
  port: number;
  write(path: string, text: string): Promise<void>;
  /** Another commit of the service, which answers so; a recipe's Debian is a smaller image with the same shell. */
  commit(answer: string, more?: Readonly<Record<string, string>>): Promise<string>;
  /** A compose file with this much more in its service (YAML, indented by four), and more beside the services. */
  compose(service?: string, beside?: string): Promise<void>;
  options(changes?: Changes): StagingFreshOptions;
  check(changes?: Changes): Promise<StagingFreshness>;
  /** Runs it in a process of its own, and kills that while its check runs. */
  killedAtItsCheck(): Promise<void>;
  /** What the service answers once it does. */
  says(text: string): Promise<void>;
  container(): Promise<{ id: string; image: string; labels: Record<string, string> }>;
  clean(): Promise<void>;
}

/** Makes one; the work tree has no commit yet. */
export async function makeStaged(kind: Kind): Promise<Staged> {
  const shell = await shellImage();
  const directory = await mkdtemp(join(tmpdir(), "staged-"));
  const images = ownImages("fresh");
  const { name } = images;
  const worktree = join(directory, "app");
  const compose = kind === "a service of a compose file";
  const staged: Staged = {
    images,
    name,
    directory,
    port: await freePort(),
    async write(path, text) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    },
    async commit(answer, more = {}) {
      const files = { ...webService(answer), ...more };
      for (const [path, text] of Object.entries(files)) {
        await staged.write(`app/${path}`, text.replace("FROM debian:bookworm-slim", `FROM ${shell}`));
      }
      return commitAll(worktree, answer);
    },
    compose: (...more) => staged.write("app/compose.yaml", composeFile(name, staged.port, more.join("\n"))),
    options({ staging, check, image, rest } = {}) {
      const file = join(worktree, "compose.yaml");
      return {
        repository: `example/${name}`,
        worktree,
        image: {
          context: worktree,
          root: join(directory, "store"),
          labels: images.labels,
          verify: "skip",
          ...image,
        },
        staging: {
          name,
          port: staged.port,
          containerPort: 8000,
          healthTimeout: 60,
          ...(compose ? { compose: { file, profile: "staging", service: "web" } } : {}),
          ...staging,
        },
        check: { command: CHECK, ...check },
        ...rest,
      };
    },
    check: async (changes) => (await quietly(() => checkStagingImageFresh(staged.options(changes)))).result,
    async killedAtItsCheck() {
      const file = join(directory, "check.pid");
      const options = staged.options({
        check: { command: `echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec sleep 60` },
      });
      const program = "require(process.argv[1]).checkStagingImageFresh(JSON.parse(process.argv[2]))";
      const words = ["-e", program, join(__dirname, FRESH), JSON.stringify(options)];
      const child = spawn(process.execPath, words, { stdio: "ignore" });
      const { answer } = await until("the check to run", 60_000, () =>
        existsSync(file) ? Number(readFileSync(file, "utf8")) : null,
      );
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      process.kill(answer, "SIGKILL");
    },
    says: (text) => untilSays(`http://127.0.0.1:${staged.port}/`, text),
    async container() {
      const format = '{"id":{{json .Id}},"image":{{json .Image}},"labels":{{json .Config.Labels}}}';
      return JSON.parse(await docker(["container", "inspect", "--format", format, name])) as Awaited<
        ReturnType<Staged["container"]>
      >;
    },
    async clean() {
      await images.clean();
      await removeProject(name);
      await rm(directory, { recursive: true, force: true });
    },
  };
  if (compose) await staged.compose();
  return staged;
}
