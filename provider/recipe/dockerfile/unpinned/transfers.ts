import { atProgram, type Rule } from "./rule";

const WEB = /(?:https?|ftp):\/\/(?!localhost|127\.)/;

/** Other programs that fetch files, and the arguments by which one sees that they do. */
const TRANSFERS: Readonly<Record<string, RegExp>> = {
  http: WEB,
  https: WEB,
  fetch: WEB,
  xh: WEB,
  curlie: WEB,
  lynx: WEB,
  links: WEB,
  elinks: WEB,
  w3m: WEB,
  "yt-dlp": WEB,
  ftp: WEB,
  lftp: WEB,
  lftpget: /./,
  rsync: /^rsync:\/\/|^[^/ ]+::?[^ ]/,
  sftp: /^sftp:\/\/|^[^/ ]+:[^ ]/,
  scp: /^scp:\/\/|^[^/ ]+:[^ ]/,
  svn: /^(?:co|checkout|export|up|update)$/,
  hg: /^(?:clone|pull)$/,
  bzr: /^(?:branch|checkout)$/,
  repo: /^(?:init|sync)$/,
  gclient: /^(?:sync|config)$/,
  gh: /^(?:download|clone)$/,
  glab: /^(?:download|clone)$/,
  eget: /^[^-]/,
  ubi: /^(?:-p|--project|-u|--url)(?:=|$)/,
  dra: /^download$/,
  gdown: /^[^-]/,
  tflint: /^--init$/,
  aws: /^s3:\/\//,
  gsutil: /^gs:\/\//,
  gcloud: /^gs:\/\//,
  s3cmd: /^s3:\/\//,
  rclone: /^(?:copy|copyto|copyurl|sync|cat)$/,
  az: /^download(?:-batch)?$/,
  azcopy: /^(?:copy|cp|sync)$/,
  "apt-key": /^--fetch-keys$/,
  gpg: /^--fetch-keys$/,
  gpg2: /^--fetch-keys$/,
};

/** Files that less common programs fetch, and package sources that a command adds. */
export const transfers: Rule = (call) => {
  const { name, args } = call;
  if (/^(?:add-apt-repository|apt-add-repository|extrepo)$/.test(name)) {
    if (args.every(({ text }) => /^(?:-r|--remove|-h|--help)$/.test(text))) return [];
    const reason = `${name} adds a package source and its key as they are at the time of the build; versions stay pinned.`;
    return atProgram(call, "apt-repository", reason);
  }
  const sign = Object.hasOwn(TRANSFERS, name) ? TRANSFERS[name] : undefined;
  if (!sign || !args.some(({ text }) => sign.test(text))) return [];
  const kind = /^(?:svn|hg|bzr|repo|gclient)$/.test(name) ? "git-clone" : "download";
  return atProgram(
    call,
    kind,
    `${name} takes what is there at the time of the build; no checksum of it is in the lock.`,
  );
};

const FETCHES =
  /\b(?:urlopen|urlretrieve|requests\.get|httpx\.get|copy|file_get_contents|readfile|fopen|URI\.open|open-uri|LWP::Simple|getstore|fetch|get|wget|Invoke-WebRequest|Invoke-RestMethod|iwr|DownloadFile|DownloadString)\b/;

/** Code in `-c`, `-e` or `-r` that fetches an address. */
export const inlineDownloads: Rule = (call) => {
  const { args, redirects } = call;
  const option = args.findIndex(({ text }) => /^(?:-[a-zA-Z]*[cer]|-Command|eval)$/.test(text));
  const code = option === -1 ? redirects.map(({ body }) => body?.text ?? "") : [args[option + 1]?.text ?? ""];
  if (!code.some((text) => WEB.test(text) && FETCHES.test(text))) return [];
  const reason = `The ${call.name} code takes what the address serves at the time of the build; no checksum of it is in the lock.`;
  return atProgram(call, "download", reason);
};
