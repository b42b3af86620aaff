import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { UNPINNED_KINDS } from "../../../../provider/recipe/dockerfile/unpinned/kinds";
import { findUnpinned } from "../../../../provider/recipe/dockerfile/unpinned";
import { each } from "../../../support/each";

const HEX = "ab".repeat(32);
const MD5 = "ab".repeat(16);
const COMMIT = "0123456789".repeat(4);

/** Downloads with a check that proves nothing. */
const UNPROVEN = `curl -O https://x.test/f; sha256sum -c f.sha256 ¦
  curl -O https://x.test/f && curl -O https://x.test/SUMS && sha256sum -c SUMS ¦
  curl -o f https://x.test/f && echo "${HEX}  other" | sha256sum -c ¦
  curl -o f https://x.test/f && echo "${HEX}  f" | sha256sum -c || true ¦
  curl -o f https://x.test/f && echo "${HEX}  f" | sha256sum ¦
  curl -o f https://x.test/f && if echo "${HEX}  f" | sha256sum -c; then ls; fi ¦
  S=$(curl https://x.test/s | cut -c1-64) && curl -o f https://x.test/f && echo "$S f" | sha256sum -c ¦
  echo "${HEX}  f" | sha256sum -c && curl -o f https://x.test/f ¦
  curl -o f https://x.test/f && echo "${MD5}  f" | md5sum -c ¦
  curl -o f https://x.test/f -o g https://x.test/g && echo "${HEX}  f" | sha256sum -c ¦
  curl -o f https://x.test/f\nRUN echo "${HEX}  f" | sha256sum -c`;

/** Examples of each kind, with " ¦ " between them; a line without an instruction's keyword is a RUN's. */
const FOUND = {
  "apt-release": `apt install --target-release=sid curl ¦ apt-get install -y -t bookworm-backports curl ¦
    apt-get -o A::B=c install -y curl/bookworm-backports ¦ apt-get install -y git/backports`,
  onbuild: `ONBUILD RUN apt-get install -y git`,
  "curl-pipe-shell": `<<EOF\ncurl -s https://x.test \\\n  | sh\nEOF ¦
    ["bash", "-c", "curl https://x.test/i | sh"] ¦ eval \`curl -s https://x.test/i\` ¦
    bash <(curl -s https://x.test/i) ¦ sh -c 'curl https://x.test | sh' ¦
    sh -c "$(curl -fsSL https://x.test/i)" ¦ curl -sS https://x.test/i.py | python3 - ¦
    curl https://x.test/i | gunzip | /bin/bash -s -- -y ¦ wget -qO- https://x.test/i |sudo -E bash - ¦
    curl -fsSL https://x.test/i | sh ¦ (curl -fsSL https://x.test/i) | sh ¦
    { curl -fsSL https://x.test/i; } | bash ¦ for i in a b; do curl -s https://x.test/$i; done | sh ¦
    cat <<EOF | sh\ncurl https://x.test/i | sh\nEOF ¦
    curl https://x.test/i | tee /i.sh | sudo -u app -H bash -s -- --yes ¦ . <(curl -s https://x.test/i) ¦
    source /dev/stdin <<< "$(curl -s https://x.test/i)" ¦ curl https://x.test/i.pl | perl`,
  download: `xargs -n 1 curl -O < list ¦ wget $URL ¦ curl -s https://x.test/k | gpg --dearmor -o /k ¦
    V=$(curl -s https://x.test/v) && echo $V ¦ curl -o /x https://x.test/f ¦ aria2c -x 4 https://x.test/f ¦
    curl https://x.test/f | python3 -m json.tool ¦ curl https://x.test/f | python3 parse.py ¦
    curl https://x.test/f | bash install.sh ¦
    python3 -c 'from urllib.request import urlretrieve; urlretrieve("https://x.test/f", "f")' ¦
    php -r "copy('https://x.test/installer', 'setup.php');" ¦ rsync -a rsync://x.test/pub/ /pub ¦
    /usr/bin/curl -O https://x.test/f ¦ env A=b nice -n 10 time curl -O https://x.test/f ¦
    if ! curl -fO https://x.test/f; then exit 1; fi ¦
    case $(uname -m) in x86_64) curl -O https://x.test/a;; *) exit 1;; esac ¦
    f() { curl -O https://x.test/f; } && f ¦ timeout 60 wget https://x.test/f ¦ exec curl -O https://x.test/f ¦
    bash -o pipefail -euxc 'curl -O https://x.test/f' ¦
    ["/bin/bash", "-o", "pipefail", "-c", "cd /x && wget https://x.test/f"] ¦
    ${UNPROVEN}`,
  "git-clone": `<<EOF\nset -e\ngit clone x\nEOF ¦ GIT_TRACE=1 /usr/bin/git clone x ¦
    set -e; if true; then git clone x; fi ¦ ["git", "clone", "https://x.test/r.git"] ¦
    git -C /src clone https://x.test/r.git ¦ apt-get update && git clone --depth 1 https://x.test/r.git ¦
    git clone https://x.test/r && git -C r checkout v1.2.3 ¦
    git clone a && git clone b && git -C a checkout ${COMMIT} ¦ sudo -u app git clone x ¦
    git -c http.sslVerify=false clone x ¦ hg clone https://x.test/r ¦ svn checkout https://x.test/r ¦
    ( cd /x; git clone y ) ¦ while read r; do git clone $r; done < list`,
  "git-submodule": `git submodule update --init --recursive`,
  "add-url": `ADD $WHATEVER /f ¦ ADD ["https://x.test/f", "/f"] ¦ ADD https://x.test/a.git#main /f ¦
    ADD git@x.test:a/b.git /f ¦ ADD https://x.test/f /f ¦ ADD --link https://x.test/f /f ¦
    ADD https://x.test/r.git#v1 /r ¦ add --chown=1 http://x.test/f .`,
  "pip-url": `uv pip install https://x.test/t.whl ¦ pip3 install --no-cache-dir -r https://x.test/r.txt ¦
    python3 -m pip install 'thing @ https://x.test/t.whl' ¦ pip install git+https://x.test/r.git ¦
    pip install -e git+https://x.test/r#egg=r ¦ /opt/venv/bin/pip install https://x.test/t.whl ¦
    python -I -m pip install https://x.test/t.whl ¦ pip wheel git+ssh://git@x.test/r ¦
    pip install -c https://x.test/constraints.txt x ¦ pipx install git+https://x.test/r`,
  "pip-constraint": `pip install --isolated requests ¦ env -i pip install requests ¦
    env -i PATH=/bin python3 -m pip install requests ¦ sudo pip install requests`,
  "apt-config": `APT_CONFIG=/x apt-get install -y git ¦ apt-get -o Dir::Etc::Preferences=/x install -y git ¦
    apt-get -oDir::Etc::PreferencesParts=/x install -y git ¦ apt-get install --option=Dir=/x git ¦
    apt-get -c /x install -y git ¦ sudo apt-get install -y git ¦ ENV APT_CONFIG=/x`,
  "apt-version": `apt-get install -y curl=\${V} ¦ apt-get install -y curl=7.88.1-10 ¦
    apt-get install -y git=1:2.39.* ¦ apt-get install -y curl=$(cat version) ¦
    apt-get install -y "curl=\${V:-7}" ¦
    apt-get update && \\\n apt-get install -y --no-install-recommends git \\\n curl=7.1`,
  "apt-source": `apt-get source hello`,
  "apt-repository": `add-apt-repository -y ppa:x/y`,
  "deb-file": `apt-get install -y ./x.deb ¦ apt install -y /tmp/x.deb ¦ dpkg -i /tmp/x.deb ¦
    dpkg --force-all --install *.deb`,
  "npm-url": `npm install git+https://x.test/r.git ¦ npm install https://x.test/t.tgz ¦
    npm i github:owner/repo ¦ npm install owner/repo ¦ npm i name@owner/repo#main ¦
    npm install --save git@x.test:o/r.git`,
  "npm-global": `yarn global add x ¦ export NODE_OPTIONS=--no-warnings && npm i -g npm@10 ¦
    ENV NODE_OPTIONS=--max-old-space-size=4096\nRUN npm i -g npm@10 ¦ NODE_OPTIONS= npm i -g npm@10 ¦
    env -u NODE_OPTIONS npm install -g typescript ¦ env -i npm install --location=global x ¦ pnpm add -g x ¦
    sudo npm i -g x`,
  "npm-unlocked": `npm update ¦ npm install --no-package-lock`,
  npx: `npm exec -- cowsay ¦ npx --yes cowsay ¦ pnpm dlx x ¦ npm create vite x ¦ uvx ruff ¦ bunx x ¦
    pipx run x`,
  corepack: `corepack enable ¦ corepack prepare pnpm@latest --activate`,
  "pnpm-install": `pnpm install ¦ pnpm add x ¦ pnpm i --prod --frozen-lockfile=false`,
  "yarn-install": `yarn ¦ yarn install --production ¦ yarn add x`,
  "bun-install": `bun install`,
  uv: `uv pip install requests ¦ uv sync ¦ uv add x ¦ python3 -m uv pip install -r r.txt`,
  poetry: `poetry install ¦ poetry add x ¦ COPY pyproject.toml ./\nRUN poetry install`,
  pdm: `pdm install ¦ pdm update`,
  pipenv: `pipenv install --system`,
  bundler: `bundle install ¦ bundle update`,
  composer: `composer require x/y ¦ php composer.phar install ¦ composer global require x/y`,
  "easy-install": `python setup.py install ¦ easy_install x`,
  "go-install": `go install x.test/tool@latest ¦ go get x.test/t ¦ go get -u ./... ¦ go run x.test/t@main`,
  "cargo-install": `cargo install ripgrep ¦ cargo install --locked ripgrep ¦
    cargo install ripgrep --version 14.1.0 ¦ cargo install --git https://x.test/r ¦ cargo +nightly install x`,
  "gem-install": `gem install rails ¦ gem install rails -v '~> 7.0' ¦ gem install --no-document a:1.0 b ¦
    gem update`,
  "apk-add": `apk add --no-cache git ¦ apk --no-cache add git=2.1-r0 ¦ apk -U upgrade`,
  "rpm-install": `dnf install -y git ¦ yum -y install git && yum clean all ¦ microdnf update -y ¦
    zypper --non-interactive in git ¦ rpm -Uvh https://x.test/x.rpm ¦ rpm --import https://x.test/key`,
  "conda-install": `conda install -y numpy ¦ mamba env create -f environment.yml ¦
    micromamba install -y -n base -c conda-forge numpy`,
  "r-install": `R -e 'install.packages("x")' ¦ Rscript -e "remotes::install_github('a/b')" ¦
    install2.r --error tidyverse ¦ Rscript - <<EOF\ninstall.packages('x')\nEOF`,
  "other-packages": `pacman -Syu --noconfirm git`,
};

/** Instructions that look like one of these and are none. */
const NOT_FOUND = `apt-get install -y curl wget git npm ¦ npm install -g typescript ¦
  echo 'git clone' && echo "curl https://x.test | sh" ¦ command -v curl && curl --version ¦
  curl -fs http://localhost:8080/health ¦ ls # curl https://x.test | sh ¦ <<EOF\n# git clone x\nls\nEOF ¦
  a \\\n# git clone x\n b ¦ # RUN git clone x ¦ COPY <<EOF /x\ngit clone x\nEOF ¦
  ADD --checksum=sha256:00 https://x.test/f /f ¦
  ADD https://x.test/a.git#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa /f ¦ ADD local.tar.gz /f ¦
  pip install -i https://x.test/simple requests==2.0 ¦
  pip install --index-url https://x.test/simple -r requirements.txt ¦
  apt-get install -y -o Dpkg::Options::=--force-confold curl ¦ npm ci && npm install --omit=dev ¦
  go install ./... && go build -o x ¦ cargo install --path . --locked ¦ ONBUILD COPY . /app ¦ CMD git clone x ¦
  git config --global pull.rebase true ¦ echo $((1 + 2)) && ls ¦
  apt-get install -y --no-install-recommends git curl wget python3-pip golang cargo npm && rm -rf /var/lib/apt/lists/* ¦
  apt-get -o Acquire::Retries=3 -o Dir::Etc::sourcelist=/x update ¦ sudo -E apt-get install -y git ¦
  sudo --preserve-env=APT_CONFIG apt-get install -y git ¦ sudo apt-get update ¦
  dpkg -l && dpkg --configure -a && dpkg --print-architecture ¦ timeout 5 echo curl https://x.test ¦
  echo curl -O https://x.test/f > /usage.txt ¦
  cat <<EOF > /usr/local/bin/fetch\ncurl https://x.test/i | sh\nEOF ¦
  <<EOF\ncat > /fetch.sh <<'SH'\ngit clone x\nSH\nchmod +x /fetch.sh\nEOF ¦
  <<EOF\n#!/usr/bin/env python3\ngit = 'git clone x'\nEOF ¦ printf '%s\\n' 'npx x' "git clone y" | tee /list ¦
  : 'curl https://x.test' # git clone x ¦ which curl wget git && type npx ¦
  curl -fsS localhost:8080/health && wget -qO- http://127.0.0.1/ && curl -H 'A: b' http://localhost/ ¦
  wget --spider https://x.test/ ¦
  curl -fsSLO https://x.test/f.tgz && echo "${HEX}  f.tgz" | sha256sum -c - && tar xf f.tgz ¦
  curl -fsSL https://x.test/v1/f.tgz -o /tmp/f.tgz && echo "${HEX} */tmp/f.tgz" | sha256sum --check ¦
  ENV SUM=0\nRUN wget -q https://x.test/a-$V.tgz && echo "$SUM  a-\${V}.tgz" | sha512sum -c - ¦
  set -eux; curl -o f https://x.test/f; echo "${HEX} f" | sha256sum -c -; ls ¦
  wget -O /x.deb https://x.test/x.deb && echo "${HEX}  /x.deb" | sha256sum -c && dpkg -i /x.deb ¦
  curl https://x.test/f > f && sha256sum -c <<< "${HEX}  f" ¦
  git clone https://x.test/r && cd r && git checkout ${COMMIT} ¦
  git init && git fetch --depth 1 https://x.test/r ${COMMIT} && git checkout FETCH_HEAD ¦
  ARG REF=${COMMIT}\nRUN git clone https://x.test/r && git -C r checkout $REF ¦
  git submodule status && git rev-parse HEAD && git add clone ¦ pip install git+https://x.test/r.git@${COMMIT} ¦
  pip install https://x.test/t.whl#sha256=${HEX} ¦
  pip install -c constraints.txt --extra-index-url https://x.test/simple requests ¦ sudo -H pip --version ¦
  PIP_NO_CACHE_DIR=1 pip install requests && pipx install black ¦ ENV PIP_NO_CACHE_DIR=1 APT_KEY=1 ¦
  npm ci --omit=dev && npm install express ./local/pkg @scope/name @scope/name@1 && npm run build ¦
  npm install --prefix web/app && npm --registry https://x.test/ install ¦
  npx --no-install tsc && pnpm exec tsc && yarn build && bun run build ¦
  pnpm install --frozen-lockfile && pnpm fetch && pnpm run build ¦
  yarn install --frozen-lockfile && yarn --immutable && yarn --version && yarn run build ¦
  corepack prepare pnpm@9.0.0+sha512.${HEX} --activate ¦
  uv sync --frozen --no-dev && uv run --locked x && uv pip install --require-hashes -r r.txt && uv venv ¦
  ENV UV_FROZEN=1\nRUN uv sync ¦ COPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root ¦
  COPY pyproject.toml poetry.lock* ./\nRUN poetry install ¦
  --mount=type=bind,source=Gemfile.lock,target=Gemfile.lock bundle install ¦
  COPY ["composer.json", "composer.lock", "./"]\nRUN composer install --no-dev && composer dump-autoload ¦
  pdm install --frozen-lockfile && pdm sync && pipenv install --deploy && bundle exec rake ¦
  go mod download && go build ./... && go install x.test/t@v1.2.3 && go get x.test/t@v1.2.3 ¦
  cargo build --release --locked && cargo install --locked --version 14.1.0 ripgrep ¦
  cargo install --locked ripgrep@14.1.0 && cargo install --list ¦
  gem install bundler -v 2.5.0 && gem install a:1.0 && gem list ¦ apk del build-deps && apk info ¦
  dnf clean all && yum repolist && rpm -qa && rpm -e x && zypper refresh ¦
  conda clean -afy && conda env list && conda config --add channels x ¦ R -e 'library(x)' && Rscript script.R ¦
  python -m venv /v && python setup.py build && python -c 'print(1)' ¦
  svn --version && gpg --recv-keys 0123 && rsync -a /a/ /b/ && scp --help ¦
  HEALTHCHECK CMD curl -f https://x.test/ || exit 1 ¦ ENTRYPOINT ["sh", "-c", "curl https://x.test | sh"] ¦
  LABEL run="curl https://x.test | sh" ¦ ONBUILD ENV A=b`;

const KEYWORD = /^(?:#|(?:RUN|ADD|add|ARG|CMD|COPY|ENTRYPOINT|ENV|HEALTHCHECK|LABEL|ONBUILD) )/;
const cases = Object.entries({ nothing: NOT_FOUND, ...FOUND }).flatMap(([kind, examples]) =>
  examples.split(/\s*¦\s*/).map((text) => [kind, KEYWORD.test(text) ? text : `RUN ${text}`] as const),
);

describe("findUnpinned by kind", () => {
  it("has an example of every kind that the reference lists", () =>
    assert.deepEqual(Object.keys(FOUND).sort(), Object.keys(UNPINNED_KINDS).sort()));

  const finds = each("finds %s in %j", cases);
  finds((kind, instruction) => {
    const parsed = parseDockerfile(`FROM debian\n${instruction}\n`);
    const found = findUnpinned(parsed, { platform: "linux/amd64" }).map((one) => one.kind);
    assert.deepEqual(found, kind === "nothing" ? [] : [kind]);
  });
});
