/** What tokens of well-known services look like. Each begins at a boundary, so that a long text is read once. */
export const SHAPES: readonly RegExp[] = [
  // GitHub
  /(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{16,255}/g,
  /(?<![A-Za-z0-9_])github_pat_\w{16,}/g,
  // GitLab
  /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas)-[\w.-]{16,}/g,
  // npm and PyPI
  /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{30,255}/g,
  /(?<![A-Za-z0-9_-])pypi-[A-Za-z0-9_-]{32,}/g,
  // Amazon
  /(?<![A-Za-z0-9_])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])/g,
  // Slack
  /(?<![A-Za-z0-9_])xox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  // Docker Hub
  /(?<![A-Za-z0-9_])dckr_(?:pat|oat)_[\w-]{20,}/g,
  // Hugging Face, Stripe, Google
  /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,255}/g,
  /(?<![A-Za-z0-9_])[sr]k_live_[A-Za-z0-9]{16,255}/g,
  /(?<![A-Za-z0-9_])AIza[\w-]{35}/g,
  // JSON Web Tokens
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g,
  // PEM
  /(?<=-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[^-]+/g,
];
