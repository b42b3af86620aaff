import { join } from "node:path";
import ts from "typescript";
import { PROJECT } from "../setup/project.mjs";

/** One property of a public type, as its docstring describes it. */
export interface Described {
  name: string;
  optional: boolean;
  /** As TypeScript writes it, without null and undefined. */
  type: string;
  text: string;
  /** What `@defaultValue` says; empty where it is not given. */
  fallback: string;
}

/** Other packages are read as empty, which saves most of the time; zod's types are needed, as inputs may be inferred from them. */
const UNREAD = /\/node_modules\/(?!typescript\/lib\/lib\.|zod\/)/;

/** Reads the types that files of the project export: by file and name, as they are when this is called. */
export function readTypes(): (file: string, name: string) => { text: string; properties: Described[] } {
  const read = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const options = { ...ts.parseJsonConfigFileContent(read.config, ts.sys, PROJECT).options, types: [] };
  const host = ts.createCompilerHost(options, true);
  const whole = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...others) =>
    UNREAD.test(path)
      ? ts.createSourceFile(path, "export {};", ts.ScriptTarget.ES2022)
      : whole(path, ...others);
  const program = ts.createProgram([join(PROJECT, "index.ts")], options, host);
  const checker = program.getTypeChecker();

  return (file, name) => {
    const source = program.getSourceFile(join(PROJECT, file));
    const module = source && checker.getSymbolAtLocation(source);
    const symbol = module && checker.getExportsOfModule(module).find((exported) => exported.name === name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}; expected a type to describe`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(target));
    return {
      text: oneLine(target.getDocumentationComment(checker)),
      properties: inOrder(properties).map((property) => describe(name, property, checker)),
    };
  };
}

/** As they are declared, file by file; the compiler's own order of inferred properties depends on the rest of the program. */
function inOrder(properties: readonly ts.Symbol[]): ts.Symbol[] {
  const fileOf = ({ declarations }: ts.Symbol): string => declarations?.[0]?.getSourceFile().fileName ?? "";
  const files = properties.map(fileOf);
  const place = (property: ts.Symbol): number => files.indexOf(fileOf(property));
  const start = ({ declarations }: ts.Symbol): number => declarations?.[0]?.getStart() ?? 0;
  return [...properties].sort((a, b) => place(a) - place(b) || start(a) - start(b));
}

function describe(owner: string, property: ts.Symbol, checker: ts.TypeChecker): Described {
  const { name, flags } = property;
  const text = oneLine(property.getDocumentationComment(checker));
  if (text === "") throw new Error(`${owner}.${name} has no docstring; write one where it is declared`);
  const tag = property.getJsDocTags(checker).find((tag) => tag.name === "defaultValue");
  const whole = checker.getTypeOfSymbol(property);
  const given = whole.flags & ts.TypeFlags.Unknown ? whole : checker.getNonNullableType(whole);
  const type = checker.typeToString(given, undefined, ts.TypeFormatFlags.NoTruncation);
  return {
    name,
    optional: (flags & ts.SymbolFlags.Optional) !== 0,
    type,
    text,
    fallback: oneLine(tag?.text),
  };
}

function oneLine(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString(parts).replace(/\s+/g, " ").trim();
}
