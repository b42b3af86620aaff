/*
 * Logs of failed builds in BuildKit's plain progress form. What the tools say is what apt 2.6, pip 23 and 26,
 * and npm 6, 10 and 11 really print.
 */
import { BUILD_BEGINS } from "../../../../provider/engines/engine";

/** One step of a build: what its command printed, and what it ended with (0: it went well). */
export interface Step {
  title?: string;
  prints: string;
  exitCode?: number;
}

const START = [
  BUILD_BEGINS,
  "#1 [internal] load build definition from Dockerfile",
  "#1 sha256:2272930a54a283551d6a50ef3e84efeaeeeeaa36d24efad7be491f4e5d851321",
  "#1 transferring dockerfile: 254B done",
  "#1 DONE 0.0s",
  "",
];

/** How the two generations of BuildKit say that a command failed. */
const ENDINGS = {
  old: (command: string, code: number) =>
    `executor failed running [/bin/sh -c ${command}]: exit code: ${code}`,
  new: (command: string, code: number) =>
    `process ${JSON.stringify(`/bin/sh -c ${command}`)} did not complete successfully: exit code: ${code}`,
};

/** The log of one build with these steps; numbers begin at #5. */
export function logOf(steps: readonly Step[], generation: keyof typeof ENDINGS = "old"): string {
  const lines = [...START];
  steps.forEach(({ title = "install", prints, exitCode = 0 }, index) => {
    const [number, place] = [`#${index + 5}`, `[${index + 2}/9] RUN ${title}`];
    const printed = prints.split("\n").map((text, second) => `${number} ${second}.123 ${text}`);
    const said = ENDINGS[generation](title, exitCode);
    const failed = [`${number} ERROR: ${said}`, "------", ` > ${place}:`, "------", said, ""];
    lines.push(`${number} ${place}`, ...printed, ...(exitCode === 0 ? [`${number} DONE 1.0s`, ""] : failed));
  });
  return lines.join("\n");
}

/** The log of a build that one command ended. */
export const failedLog = (prints: string, exitCode: number, title?: string): string =>
  logOf([{ prints, exitCode, title }]);

export const APT = {
  candidate: `Reading package lists...
Building dependency tree...
Package hello is a virtual package provided by:
  hello-traditional 2.10-6 [Not candidate version]

E: Package 'hello' has no installation candidate`,
  version: `Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]
Fetched 6258 kB in 2s (4170 kB/s)
E: Version '9.9' for 'hello' was not found
E: Unable to locate package nosuchpackage`,
  unmet: `The following information may help to resolve the situation:

The following packages have unmet dependencies:
 jq : Depends: libjq1 (= 1.6-2.1+deb12u2) but it is not installable
E: Unable to correct problems, you have held broken packages.`,
  dropped: `Need to get 53.1 kB of archives.
Err:1 http://deb.debian.org/debian bookworm/main amd64 hello amd64 2.10-3
  404  Not Found [IP: 203.0.113.80 80]
E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  404  Not Found [IP: 203.0.113.80 80]
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?`,
  apt3: "Error: Unable to locate package hello",
  noName: `Ign:1 http://nosuchhost.invalid/debian bookworm InRelease
W: Failed to fetch http://nosuchhost.invalid/debian/dists/bookworm/InRelease  Could not resolve 'nosuchhost.invalid'
W: Some index files failed to download. They have been ignored, or old ones used instead.
E: Unable to locate package hello`,
  refused: `Err:1 http://deb.debian.org/debian bookworm/main amd64 hello amd64 2.10-3
  Could not connect to deb.debian.org:80 (203.0.113.80). - connect (111: Connection refused)
E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  Could not connect to deb.debian.org:80 (203.0.113.80). - connect (111: Connection refused)
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?`,
  unavailable: `E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  503  Service Unavailable [IP: 203.0.113.80 80]
E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hi/hi_1_amd64.deb  404  Not Found [IP: 203.0.113.80 80]`,
  forbidden: `E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  403  Forbidden [IP: 203.0.113.80 80]`,
  sum: `E: Failed to fetch http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-3_amd64.deb  Hash Sum mismatch`,
  suite: `E: The repository 'http://deb.debian.org/debian stretch Release' does not have a Release file.
N: Updating from such a repository can't be done securely, and is therefore disabled by default.
E: Unable to locate package hello`,
  expired: `E: Release file for http://deb.debian.org/debian/dists/sid/InRelease is expired (invalid since 2d 1h). Updates for this repository will not be applied.
E: Unable to locate package hello`,
  dpkg: `dpkg: error processing archive /var/cache/apt/archives/hello_2.10-3_amd64.deb (--unpack):
E: Sub-process /usr/bin/dpkg returned an error code (1)`,
};

const CONFLICT = `ERROR: Cannot install six because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested six
    The user requested (constraint) six==1.16.0

To fix this you could try to:
1. loosen the range of package versions you've specified
2. remove package versions to allow pip attempt to solve the dependency conflict

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts`;

export const PIP = {
  absent: `ERROR: Could not find a version that satisfies the requirement six==99.0 (from versions: 0.9.0, 1.16.0, 1.17.0)
ERROR: No matching distribution found for six==99.0`,
  /** Word for word the same for an index that answers 401, 403, 404 or 500, and one without the project. */
  none: `Looking in indexes: http://127.0.0.1:18403/simple
ERROR: Could not find a version that satisfies the requirement six==1 (from versions: none)
ERROR: No matching distribution found for six==1`,
  /** Word for word the same for an index that answers 403 or 500, and one that lacks the locked version. */
  conflict: `Looking in indexes: http://127.0.0.1:18403/simple
${CONFLICT}`,
  conflictAfterDownload: `Collecting flask
  Downloading flask-3.0.0-py3-none-any.whl.metadata (3.6 kB)
${CONFLICT}`,
  refused: `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7fbaeee2ac10>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/six/
ERROR: Could not find a version that satisfies the requirement six (from versions: none)
ERROR: No matching distribution found for six`,
  /** With PIP_VERBOSE=3: a constraint's version is not on the project's page. */
  asked: `Looking in indexes: http://172.17.0.1:42271/simple/
Fetching project page and analyzing links: http://172.17.0.1:42271/simple/own-a/
Getting page http://172.17.0.1:42271/simple/own-a/
http://172.17.0.1:42271 "GET /simple/own-a/ HTTP/1.1" 200 194
Fetched page http://172.17.0.1:42271/simple/own-a/ as text/html; charset=utf-8
  Found link http://172.17.0.1:42271/files/own_a-2.0-py3-none-any.whl#sha256=287841a8acf4d3cc9c4e89f540ac9b478e18b1c70bdfa90a71b8b05d26a9e3e5 (from http://172.17.0.1:42271/simple/own-a/), version: 2.0
The conflict is caused by:
    The user requested own-a
    The user requested (constraint) own-a==1.0
To fix this you could try to:
ERROR: Cannot install own-a because these package versions have conflicting dependencies.
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts`,
  /** With PIP_VERBOSE=3 and --find-links: a page with files of several projects. */
  askedLinks: `Looking in links: http://172.17.0.1:42271/
1 location(s) to search for versions of whl-own:
* http://172.17.0.1:42271/
Fetching project page and analyzing links: http://172.17.0.1:42271/
Getting page http://172.17.0.1:42271/
http://172.17.0.1:42271 "GET / HTTP/1.1" 200 493
Fetched page http://172.17.0.1:42271/ as text/html; charset=utf-8
  Skipping link: unsupported archive format: .deb: http://172.17.0.1:42271/debfoo.deb (from http://172.17.0.1:42271/)
  Found link http://172.17.0.1:42271/whl_own-2.0-py3-none-any.whl (from http://172.17.0.1:42271/), version: 2.0
The conflict is caused by:
    The user requested whl-own
    The user requested (constraint) whl-own==1.0
To fix this you could try to:
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts`,
  /** With PIP_VERBOSE=3: the index does not have the project. */
  askedAbsent: `Looking in indexes: http://172.17.0.1:42271/simple/
Fetching project page and analyzing links: http://172.17.0.1:42271/simple/own-zzz/
Getting page http://172.17.0.1:42271/simple/own-zzz/
http://172.17.0.1:42271 "GET /simple/own-zzz/ HTTP/1.1" 404 21
Status code 404 not in (200, 203, 300, 301, 308)
Could not fetch URL http://172.17.0.1:42271/simple/own-zzz/: 404 Client Error: Not Found for url: http://172.17.0.1:42271/simple/own-zzz/ - skipping
ERROR: Could not find a version that satisfies the requirement own-zzz==1.0 (from versions: none)
ERROR: No matching distribution found for own-zzz==1.0`,
  /** With PIP_VERBOSE=3: the second index answers 500. */
  askedBroken: `Looking in indexes: http://172.17.0.1:42271/simple/, http://172.17.0.1:42272/simple/
Getting page http://172.17.0.1:42271/simple/own-a/
  Found link http://172.17.0.1:42271/files/own_a-2.0-py3-none-any.whl (from http://172.17.0.1:42271/simple/own-a/), version: 2.0
Getting page http://172.17.0.1:42272/simple/own-a/
Could not fetch URL http://172.17.0.1:42272/simple/own-a/: HTTPConnectionPool(host='172.17.0.1', port=42272): Max retries exceeded with url: /simple/own-a/ (Caused by ResponseError('too many 500 error responses')) - skipping
ERROR: Could not find a version that satisfies the requirement own-a==1.0 (from versions: 2.0)
ERROR: No matching distribution found for own-a==1.0`,
  fileGone: `ERROR: HTTP error 404 while getting http://172.17.0.1:42271/simple/six-1.0.whl (from http://172.17.0.1:42271/simple/six/)`,
  /** A source folder has another version than the constraint. */
  source: `Looking in indexes: http://172.17.0.1:42271/simple/
Processing /foo
ERROR: Cannot install own-foo 2.0 (from /foo) because these package versions have conflicting dependencies.
The conflict is caused by:
    The user requested own-foo 2.0 (from /foo)
    The user requested (constraint) own-foo==1.0
To fix this you could try to:
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts`,
  hashes: `Collecting six==1.16.0 (from -r r.txt (line 1))
  Downloading six-1.16.0-py2.py3-none-any.whl (11 kB)
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.`,
  build: `  error: subprocess-exited-with-error
  × Building wheel for foo (pyproject.toml) did not run successfully.
ERROR: Failed building wheel for foo`,
};

export const NPM = {
  target: `npm warn Unknown user config "nodedir".
npm error code ETARGET
npm error notarget No matching version found for left-pad@99.0.0.
npm error notarget In most cases you or one of your dependencies are requesting a package version that doesn't exist.
npm error A complete log of this run can be found in: /root/.npm/_logs/2026-11-21T15_57_17_108Z-debug-0.log`,
  oldTarget: `npm ERR! code ETARGET
npm ERR! notarget No matching version found for left-pad@99.0.0.`,
  peers: `npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: a@1.0.0
npm error Found: react@16.14.0
npm error
npm error Could not resolve dependency:
npm error peer react@"^18.3.1" from react-dom@18.3.1
npm error node_modules/react-dom
npm error
npm error Fix the upstream dependency conflict, or retry this command with --force or --legacy-peer-deps to accept an incorrect (and potentially broken) dependency resolution.`,
  integrity: `npm warn tarball tarball data for left-pad@https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz (sha512-AAAA==) seems to be corrupted. Trying again.
npm error code EINTEGRITY
npm error sha512-AAAA== integrity checksum failed when using sha512: wanted sha512-AAAA== but got sha512-BBBB==. (3619 bytes)`,
  gone: `npm error code E404
npm error 404 Not Found - GET https://registry.npmjs.org/left-pad/-/left-pad-1.3.99.tgz
npm error 404
npm error 404  The requested resource 'left-pad@https://registry.npmjs.org/left-pad/-/left-pad-1.3.99.tgz' could not be found or you do not have permission to access it.`,
  oldGone: `npm ERR! code E404
npm ERR! 404 Not Found - GET https://registry.npmjs.org/left-pad - Not found`,
  scoped: `npm error code E404
npm error 404 Not Found - GET https://registry.npmjs.org/@team%2fprivate
npm error 404  The requested resource '@team/private@*' could not be found or you do not have permission to access it.`,
  scopedTarball: `npm error code E404
npm error 404 Not Found - GET https://registry.npmjs.org/@team/private/-/private-1.0.0.tgz`,
  refused: `npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to http://127.0.0.1:9/left-pad failed, reason: connect ECONNREFUSED 127.0.0.1:9`,
  forbidden: `npm error code E403
npm error 403 403 Forbidden - GET http://127.0.0.1:18403/left-pad`,
  unavailable: `npm error code E503
npm error 503 Service Unavailable - GET http://127.0.0.1:18500/left-pad`,
  certificate: `npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY
npm error request to https://registry.npmjs.org/left-pad failed, reason: unable to get local issuer certificate`,
  sync: `npm error code EUSAGE
npm error \`npm ci\` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.`,
};
