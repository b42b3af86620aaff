/** The weight of one character in the parts of a version that are no digits: `~` sorts before the end, letters before the rest. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === "~") return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** The parts of a version that are no digits and those that are, in turn; the first is one without digits, maybe empty. */
function turns(text: string): string[] {
  const parts = text.match(/\D+|\d+/g) ?? [];
  return /^\d/.test(text) ? ["", ...parts] : parts;
}

/** Compares two upstream versions, or two revisions. */
function comparePart(a: string, b: string): number {
  const [one, two] = [turns(a), turns(b)];
  for (let at = 0; at < Math.max(one.length, two.length); at++) {
    const [x, y] = [one[at] ?? "", two[at] ?? ""];
    const difference = at % 2 === 0 ? compareWords(x, y) : compareNumbers(x, y);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareWords(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = weight(a[at]) - weight(b[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareNumbers(a: string, b: string): number {
  const withoutZeros = (digits: string): string => digits.replace(/^0+/, "");
  const [x, y] = [withoutZeros(a), withoutZeros(b)];
  return x.length - y.length || (x < y ? -1 : Number(x > y));
}

function parts(version: string): { epoch: string; upstream: string; revision: string } {
  const [, epoch = "0", rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf("-");
  return dash === -1
    ? { epoch, upstream: rest, revision: "0" }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/**
 * Orders two versions of a Debian package (Debian policy 5.6.12). Below zero: the first is older. A revision that is missing
 * counts as 0.
 */
export function compareDebianVersions(a: string, b: string): number {
  const [x, y] = [parts(a), parts(b)];
  return (
    compareNumbers(x.epoch, y.epoch) ||
    comparePart(x.upstream, y.upstream) ||
    comparePart(x.revision, y.revision)
  );
}
