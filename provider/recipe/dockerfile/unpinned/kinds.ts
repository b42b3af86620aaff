import { TOOLS, type ToolKindName } from "./tool-table";

/** The kinds that rules of their own find, and when they are listed. The reference shows this as a table. */
export const RULE_KINDS = {
  "curl-pipe-shell": "a script that curl, wget or the like fetches and a shell or an interpreter runs",
  download:
    "a file that curl, wget, aria2c, rsync or the like fetches, or a `python -c` with `urlretrieve`; left out where the same RUN checks its checksum",
  "git-clone":
    "`git clone`, `fetch` or `pull`, unless the same RUN checks out a full commit; `svn`, `hg` and `bzr`",
  "git-submodule": "`git submodule update` or `add`",
  "add-url": "ADD of an address without `--checksum`, or of a repository without a full commit",
  "apt-version": "`apt-get install package=version`, unless the lock has that very version",
  "apt-release": "`apt-get install package/suite` or `-t suite`",
  "deb-file": "`apt-get install ./x.deb`, `dpkg -i`, `gdebi`",
  "apt-source": "`apt-get source`",
  "apt-config":
    "another `APT_CONFIG`, or none (`env -u`, `unset`, `sudo` without `-E`); options, or configuration in the image, that name other preferences",
  "apt-unseen":
    "Debian packages that came in without apt telling its hook: configuration in the image takes the hook away, or something other than apt installed them",
  "apt-repository": "a package source that a command adds, such as `add-apt-repository`",
  "pip-constraint":
    "`env -i`, `sudo` and the like before pip, which take `PIP_CONSTRAINT` away; `pip --isolated`",
  "pip-url": "`pip install` from an address or a repository, without a hash or a full commit",
  uv: "`uv sync`, `uv run` and the like without `--locked` or `--frozen`; `uv pip`, which reads no `PIP_CONSTRAINT`",
  "easy-install": "`easy_install`, `python setup.py install`",
  "npm-url": "`npm install` (pnpm, yarn, bun too) from an address or a repository, without a full commit",
  "npm-global":
    "a global install by pnpm, yarn or bun; by npm only where the recipe sets `NODE_OPTIONS` itself, which displaces the pins",
  "npm-unlocked": "`npm update`, `npm install --no-package-lock`",
  npx: "`npx`, `npm exec`, `dlx`, `uvx`, `pipx run`: a package that is fetched and run",
  corepack: "a package manager that corepack fetches, unless it is named with a hash",
  "pnpm-install": "`pnpm install` without `--frozen-lockfile`; `add` and `update`",
  "yarn-install":
    "`yarn install` without `--frozen-lockfile` (yarn 2 and later: `--immutable`); `add` and `upgrade`",
  "bun-install": "`bun install` without `--frozen-lockfile`; `add` and `update`",
  "go-install": "`go install` or `go get` without a full version",
  "cargo-install": "`cargo install` without a full version and `--locked`",
  "gem-install": "`gem install` without a full version; the gems that it needs are compared, but not pinned",
  "r-install": "R packages, which are not captured either",
  "rpm-install": "`dnf`, `yum`, `zypper`, `rpm` and the like: compared, but not pinned",
  onbuild: "`ONBUILD RUN` of the recipe or of a base image: no pin can be put into it",
} satisfies Record<string, string>;

/** Each kind is one of these, or of a tool that is described by data. */
export type UnpinnedKind = keyof typeof RULE_KINDS | ToolKindName;

/** Everything that is listed as unpinned. */
export const UNPINNED_KINDS: readonly string[] = [...Object.keys(RULE_KINDS), ...Object.keys(TOOLS)];
