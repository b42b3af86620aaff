import { ownImages } from "../../../support/own-images";
import { docker } from "../../../support/docker";
import { tar, type TarEntry } from "../../../support/tar-gz";
import { gitImage, slimImage, toolsImage } from "../base-images";

/** Base images whose apt, pip and npm know the archives of the corpus, as a company's own base images do. */
export interface CorpusBases {
  /** What stands for `corpus/` in the name of an image in a recipe; no other run has it. */
  readonly prefix: string;
  /** Builds a folder's own base image `corpus/own`, with these files as its context. */
  buildOwn(entries: readonly TarEntry[]): Promise<void>;
  /** Removes every image made here. */
  clean(): Promise<void>;
}

/**
 * Makes the base images `corpus/debian` and `corpus/python-node`.
 *
 * @param hosts addresses of the archives, see the corpus's world
 * @param withGit whether `corpus/git` is made as well
 */
export async function makeBases(hosts: ReadonlyMap<string, string>, withGit: boolean): Promise<CorpusBases> {
  const own = ownImages("corpus");
  const host = (name: string): string => hosts.get(`${name}.example`) ?? "";
  const settings: TarEntry[] = [
    { path: "sources.list", content: `deb [trusted=yes] http://${host("apt")}/ stable main\n` },
    {
      path: "pip.conf",
      content: `[global]\nindex-url = http://${host("pip")}/simple/\ntrusted-host = ${host("pip").replace(/:\d+$/, "")}\ndisable-pip-version-check = true\n`,
    },
    {
      path: "npmrc",
      content: `registry=http://${host("npm")}/\nupdate-notifier=false\nfund=false\naudit=false\n`,
    },
  ];
  const build = async (name: string, entries: readonly TarEntry[]): Promise<void> => {
    const tag = ["--tag", `${own.name}/${name}`];
    const labels = Object.entries(own.labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
    const input = await tar([...settings, ...entries]);
    await docker(["build", "--quiet", ...tag, ...labels, "-"], { input, timeoutMs: 300_000 });
  };
  const recipes = {
    debian: `FROM ${await slimImage()}\nCOPY sources.list /etc/apt/\n`,
    "python-node": `FROM ${await toolsImage()}
COPY sources.list /etc/apt/
COPY pip.conf /etc/
COPY npmrc /usr/local/etc/
ENV PATH=/opt/venv/bin:$PATH
`,
    ...(withGit ? { git: `FROM ${await gitImage()}\nCOPY sources.list /etc/apt/\n` } : {}),
  };
  try {
    for (const [name, content] of Object.entries(recipes))
      await build(name, [{ path: "Dockerfile", content }]);
  } catch (error) {
    await own.clean();
    throw error;
  }
  return {
    prefix: `${own.name}/`,
    buildOwn: (entries) => build("own", entries),
    clean: () => own.clean(),
  };
}
