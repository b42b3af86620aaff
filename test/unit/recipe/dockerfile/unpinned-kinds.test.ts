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
  "other-packages": `pacman -Syu --noconfirm git ¦ brew install x ¦ guix pull ¦ flatpak install x ¦ emerge x/y`,
  "cargo-build": `cargo build --release ¦ /usr/local/cargo/bin/cargo +1.79.0 -v test ¦ cargo update ¦
    CARGO_NET_OFFLINE=false cargo fetch ¦ sudo -u app env A=b nice -n 5 time cargo build ¦ cargo build --locked=false ¦
    runuser -l app -c 'cargo build' ¦ su app --command 'cargo build' ¦ flock /l -c 'cargo build' ¦
    find . -name x -execdir cargo build {} + ¦ bash -lc 'cd x && cargo build' ¦ xargs -n 1 cargo build -p < list ¦
    COPY Cargo.toml ./\nRUN cargo build ¦ COPY Cargo.lock ./\nRUN rm -f Cargo.* && cargo build ¦ maturin build`,
  maven: `mvn package -DskipTests ¦ ./mvnw -B dependency:go-offline ¦ sh mvnw -q verify ¦ mvn clean install`,
  gradle: `gradle build ¦ ./gradlew --no-daemon bootJar ¦ bash ./gradlew build ¦
    COPY gradle.lockfile ./\nRUN gradle build --write-locks`,
  scala: `sbt assembly ¦ cs install scala ¦ mill app.assembly`,
  clojure: `lein uberjar ¦ clojure -P ¦ clj -T:build uber`,
  dotnet: `dotnet restore ¦ dotnet restore --locked-mode ¦ dotnet publish -c Release ¦ dotnet tool install -g x ¦
    COPY packages.lock.json ./\nRUN dotnet restore ¦ dotnet add package x ¦ dotnet tool install x --version 1.*`,
  "go-build": `COPY go.mod main.go ./\nRUN go build ./... ¦ COPY go.mod ./\nRUN go mod download ¦ go mod tidy`,
  swift: `swift build -c release ¦ swift package update ¦ COPY Package.swift ./\nRUN swift package resolve`,
  dart: `dart pub get ¦ flutter build apk ¦ dart pub global activate x ¦ flutter precache`,
  haskell: `stack build ¦ cabal update ¦ cabal install --only-dependencies ¦ stack upgrade`,
  bazel: `bazel build //... ¦ bazelisk test //x`,
  "cpp-packages": `conan install . ¦ vcpkg install fmt ¦ meson subprojects download ¦ west update`,
  pixi: `pixi install ¦ pixi global install x ¦ pixi add x`,
  rye: `rye sync ¦ rye add x`,
  pecl: `pecl install redis ¦ pear install x ¦ install-php-extensions gd`,
  cpan: `cpan Moose ¦ cpanm --installdeps . ¦ cpanm -n A@1.2.3 B ¦ carton install ¦ perl -MCPAN -e 'install X'`,
  luarocks: `luarocks install lpeg ¦ luarocks make`,
  hex: `mix deps.get ¦ mix local.hex --force && mix local.rebar --force ¦ mix do deps.get --only prod, compile ¦
    rebar3 release ¦ MIX_ENV=prod mix deps.update --all`,
  opam: `opam install . --deps-only ¦ opam init --disable-sandboxing ¦ opam install dune`,
  deno: `deno cache main.ts ¦ COPY deno.lock ./\nRUN deno cache main.ts ¦ deno install --frozen ¦ deno upgrade`,
  julia: `julia -e 'using Pkg; Pkg.add("X")' ¦ julia --project=. -e 'import Pkg; Pkg.instantiate()'`,
  renv: `R -e 'renv::restore()' ¦ Rscript -e "renv::restore(prompt = FALSE)"`,
  "language-packages": `shards install ¦ nimble install x ¦ bower install jquery ¦ arduino-cli core install a:b ¦ pod install`,
  toolchain: `rustup default stable ¦ rustup toolchain install 1.79 ¦ rustup-init -y ¦ nvm install 20 ¦ nvm install ¦
    nvm install --lts ¦ n lts ¦ n 20 ¦ fnm install 20 ¦ volta install node ¦ asdf install ¦ asdf plugin add x ¦
    mise install ¦ pyenv install 3.12 ¦ sdk install java ¦ rbenv install 3 ¦ nvm install $WHATEVER ¦
    . "$NVM_DIR/nvm.sh" && nvm install 20 && nvm use 20 ¦ ghcup install ghc`,
  browser: `python3 -m playwright install --with-deps chromium ¦ pnpm exec playwright install ¦ cypress install ¦
    yarn playwright install ¦ npx --no-install puppeteer browsers install chrome`,
  model: `python -m spacy download en_core_web_sm ¦ python3 -m nltk.downloader punkt ¦ hf download a/b ¦
    huggingface-cli download a/b --revision main ¦ ollama serve & ollama pull llama3 ¦ poetry run spacy download x ¦
    python -c "import nltk; nltk.download('punkt')" ¦ python3 -c 'snapshot_download("a/b")' ¦
    python <<EOF\nfrom transformers import AutoModel\nAutoModel.from_pretrained("a/b")\nEOF`,
  "ansible-galaxy": `ansible-galaxy install -r requirements.yml ¦ ansible-galaxy collection install a.b`,
  terraform: `terraform init ¦ tofu -chdir=x init ¦ COPY .terraform.lock.hcl ./\nRUN terraform init -upgrade`,
  helm: `helm dependency update chart ¦ helm repo add a https://x.test ¦ helm pull a/b ¦ helm dep build`,
  plugin: `kubectl krew install x ¦ jenkins-plugin-cli --plugins git ¦ helm version && gh extension install a/b`,
  "image-pull": `docker pull a:1.2.3 ¦ skopeo copy docker://a:1 dir:/x ¦ crane export a /x`,
  nix: `nix build ¦ nix-channel --update ¦ nix profile install nixpkgs#x ¦ nix flake update`,
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
  LABEL run="curl https://x.test | sh" ¦ ONBUILD ENV A=b ¦
  cargo --version && cargo fmt --check && cargo build --offline && cargo test --frozen && cargo clean && cargo help build ¦
  ENV CARGO_NET_OFFLINE=true\nRUN cargo build ¦ export CARGO_NET_OFFLINE=true && cargo build ¦
  COPY --from=src /app/Cargo.lock ./\nRUN cargo build ¦ COPY <<EOF Cargo.lock\nversion = 4\nEOF\nRUN cargo build ¦
  COPY ci/locked Cargo.lock\nRUN cargo build ¦ cat > Cargo.lock <<EOF\nversion = 4\nEOF ¦
  --mount=type=bind,source=Cargo.lock,target=Cargo.lock --mount=type=cache,target=/t cargo build --locked ¦
  WORKDIR /app\nCOPY Cargo.lock ./\nRUN cd crates/a && cargo build && cargo build --manifest-path /app/b/Cargo.toml ¦
  mvn -o package && mvn --version && mvn -v && gradle --offline build && ./gradlew --version && sbt --version ¦
  COPY gradle/verification-metadata.xml gradle/\nRUN ./gradlew build ¦
  COPY packages.lock.json ./\nRUN dotnet restore --locked-mode && dotnet publish ¦ dotnet build --no-restore && dotnet --info ¦
  dotnet tool install -g x --version 1.2.3 && dotnet tool restore && dotnet x.dll ¦
  COPY go.mod go.sum ./\nRUN go mod download && go build -o /x ./... ¦ COPY go.* ./\nRUN go build ¦
  COPY go.mod ./\nRUN go build -mod=vendor ¦ ENV GOFLAGS=-mod=vendor\nCOPY go.mod ./\nRUN go test ./... ¦
  COPY go.mod ./\nRUN GOFLAGS="-trimpath -mod=vendor" go build ¦ go version && go fmt ./... && go clean -cache && go env ¦
  COPY Package.resolved ./\nRUN swift build ¦ dart pub get --enforce-lockfile && flutter build web --no-pub && dart --version ¦
  COPY stack.yaml.lock ./\nRUN stack build ¦ COPY cabal.project.freeze ./\nRUN cabal update && cabal build ¦
  bazel build --lockfile_mode=error //... && bazel version ¦ pixi install --locked && pixi info ¦
  pecl install redis-6.0.2 xdebug-3.3.2 && pecl list ¦ cpanm -n A@1.2.3 && cpm --version && perl -e 'print 1' ¦
  luarocks install lpeg 1.1.0-1 && luarocks list ¦ COPY mix.exs mix.lock ./\nRUN mix deps.get && mix compile && mix release ¦
  mix local.hex 2.0.6 --force && mix archive.install hex phx_new 1.7.14 ¦ opam install dune.3.16.0 && opam list ¦
  COPY deno.lock ./\nRUN deno cache --frozen main.ts && deno fmt && deno run --cached-only x.ts ¦
  COPY Manifest.toml ./\nRUN julia -e 'using Pkg; Pkg.instantiate()' ¦ COPY renv.lock ./\nRUN R -e 'renv::restore()' ¦
  rustup toolchain install 1.79.0 --profile minimal -c clippy && rustup default nightly-2024-06-01 && rustup target add x ¦
  rustup component add rustfmt && rustup-init -y --default-toolchain 1.79.0 && rustup show ¦
  . /n.sh && nvm install v20.11.1 && nvm use 20 && n 20.11.1 && volta install node@20.11.1 ¦
  ARG NODE_VERSION=20.11.1\nRUN . /n.sh && nvm install $NODE_VERSION ¦ V=20.11.1 && . /n.sh && nvm install "\${V}" ¦
  pyenv install -s 3.12.4 && pyenv global 3.12.4 && sdk install java 21.0.2-tem && asdf install nodejs 20.1.0 ¦
  playwright --version && puppeteer browsers install chrome@126.0.6478.61 && yarn playwright test ¦
  spacy info && hf download a/b --revision ${COMMIT} && ollama list && python -c 'load()' ¦
  ansible-galaxy collection install community.general:9.1.0 && ansible-galaxy collection list ¦
  terraform fmt && terraform version && terraform init --help ¦ COPY .terraform.lock.hcl ./\nRUN terraform init ¦
  helm pull a/b --version 1.2.3 && helm lint && helm template x ./chart && helm version ¦ docker ps && docker pull a@sha256:${HEX} ¦
  jenkins-plugin-cli --plugins git:5.2.2 a:1.0.1-9 ¦ COPY flake.nix flake.lock ./\nRUN nix build && nix --version ¦
  meson setup build && cmake -B build && make && ninja && ant && conan profile detect && conan --version ¦
  pacman -Qi x && pacman -Ss y && brew list && snap list && git lfs install`;

const KEYWORD = /^(?:#|(?:RUN|ADD|add|ARG|CMD|COPY|ENTRYPOINT|ENV|HEALTHCHECK|LABEL|ONBUILD) )/;
const cases = Object.entries({ nothing: NOT_FOUND, ...FOUND }).flatMap(([kind, examples]) =>
  examples.split(/\s*¦\s*/).map((text) => [kind, KEYWORD.test(text) ? text : `RUN ${text}`] as const),
);

describe("findUnpinned by kind", () => {
  // `apt-unseen` is found in the image, not in the recipe's text.
  it("has an example of every kind that the reference lists", () =>
    assert.deepEqual(Object.keys(FOUND).concat("apt-unseen").sort(), [...UNPINNED_KINDS].sort()));

  const finds = each("finds %s in %j", cases);
  finds((kind, instruction) => {
    const parsed = parseDockerfile(`FROM debian\n${instruction}\n`);
    const found = findUnpinned(parsed, { platform: "linux/amd64" }).map((one) => one.kind);
    assert.deepEqual(found, kind === "nothing" ? [] : [kind]);
  });
});
