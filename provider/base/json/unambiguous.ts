/** A JSON text that two readers may understand differently. The message follows the text's name. */
export class AmbiguousJsonError extends Error {}

/** How Go's decoder compares names of fields: without regard to case, as Unicode folds it. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

interface OpenObject {
  /** The keys so far, by what they are compared by. null: this is an array. */
  keys: Map<string, string> | null;
  /** Keys are a user's own names, which are compared exactly. */
  exact: boolean;
  /** The key whose value is being read. */
  key: string;
}

/**
 * Parses a JSON text that other programs read too. Go's decoder, which engines and registries use, takes `Platform` for
 * `platform`, and the last of two; JavaScript does neither (encoding/json, Unmarshal). So a text in which that matters is
 * refused.
 *
 * @param fields the fields that are read, as they have to be spelled
 * @param maps fields whose keys are a user's own names, such as labels: there, case makes another key
 * @throws {AmbiguousJsonError} for a key that stands twice, for keys that differ only in case, and for a field that is
 *   spelled in another case
 * @throws {SyntaxError} for a text that is no JSON
 */
export function parseUnambiguous(text: string, fields: readonly string[], maps: readonly string[]): unknown {
  const value: unknown = JSON.parse(text);
  const spelled = new Map(fields.map((field) => [folded(field), field]));
  const exactly = new Set(maps.map(folded));
  const open: OpenObject[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const inner = open.at(-1);
    if (character === "{" || character === "[") {
      const exact = inner !== undefined && inner.keys !== null && exactly.has(folded(inner.key));
      open.push({ keys: character === "{" ? new Map() : null, exact, key: "" });
      isKey = character === "{";
    } else if (character === "}" || character === "]") {
      open.pop();
      isKey = false;
    } else if (character === ",") isKey = inner?.keys !== null;
    else if (character === '"') {
      const end = endOfString(text, at);
      if (isKey && inner !== undefined) takeKey(inner, String(JSON.parse(text.slice(at, end + 1))), spelled);
      isKey = false;
      at = end;
    }
  }
  return value;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function takeKey(object: OpenObject, key: string, spelled: ReadonlyMap<string, string>): void {
  object.key = key;
  const compared = object.exact ? key : folded(key);
  const other = object.keys?.get(compared);
  if (other !== undefined) {
    const words = other === key ? "twice" : `beside ${JSON.stringify(other)}`;
    throw new AmbiguousJsonError(`has the key ${JSON.stringify(key)} ${words}`);
  }
  const expected = object.exact ? undefined : spelled.get(compared);
  if (expected !== undefined && expected !== key) {
    throw new AmbiguousJsonError(`spells the key ${JSON.stringify(expected)} as ${JSON.stringify(key)}`);
  }
  object.keys?.set(compared, key);
}
