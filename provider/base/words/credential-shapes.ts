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
  /(?<![\w.])ya29\.[\w-]{20,}/g,
  // Pulumi, Vault, Grafana, DigitalOcean
  /(?<![A-Za-z0-9_-])pul-[0-9a-f]{40}(?![0-9a-f])/g,
  /(?<![\w.])hv[sbr]\.[\w-]{20,}/g,
  /(?<![A-Za-z0-9_])gl(?:sa|c)_[A-Za-z0-9_=+/]{20,255}/g,
  /(?<![A-Za-z0-9_])do[opr]_v1_[0-9a-f]{64}/g,
  // OpenAI and Anthropic, SendGrid, Slack's applications, Shopify
  /(?<![A-Za-z0-9_-])sk-(?:ant|proj|svcacct)-[\w-]{20,}/g,
  /(?<![\w.])SG\.[\w-]{16,64}\.[\w-]{16,128}/g,
  /(?<![A-Za-z0-9_])xapp-[A-Za-z0-9-]{16,}/g,
  /(?<![A-Za-z0-9_])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g,
  // age
  /(?<![A-Z0-9-])AGE-SECRET-KEY-1[A-Z0-9]{40,80}/g,
  // JSON Web Tokens
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g,
  // PEM
  /(?<=-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[^-]+/g,
];
