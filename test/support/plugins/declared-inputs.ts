import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { PluginStandIn } from "./stand-in";

/** What a property may hold. */
export type Shape =
  | { kind: "string"; oneOf?: readonly string[] }
  | { kind: "number" }
  | { kind: "boolean" }
  | { kind: "any" }
  | { kind: "list"; of: Shape }
  | { kind: "map"; of: Shape }
  | ObjectShape;

/** An object with these properties and no others. */
export interface ObjectShape {
  kind: "object";
  /** The declaration's name. */
  name: string;
  properties: Readonly<Record<string, { shape: Shape; required: boolean }>>;
}

/**
 * The inputs that a Pulumi SDK declares, read from its generated type declarations: nothing of them is kept here.
 * Throws when a declaration has a form that such files don't have.
 *
 * @param sdk npm package: `@pulumi/docker`
 * @param file of the package, without `.d.ts`: `container`
 * @param name of the interface: `ContainerArgs`
 */
export function declaredInputs(sdk: string, file: string, name: string): ObjectShape {
  const root = dirname(require.resolve(`${sdk}/package.json`));
  const source = parse(join(root, `${file}.d.ts`));
  const nested = parse(join(root, "types/input.d.ts"));
  return objectOf(find(source, [name]), { root, nested });
}

/** What an SDK's types say of all that a stand-in takes. Plain data. */
export interface Declarations {
  /** Of the provider's own configuration. */
  config: ObjectShape;
  /** Of each resource's inputs, by type. */
  resources: Readonly<Record<string, ObjectShape>>;
}

/** Reads them from the installed SDK, which takes the TypeScript compiler. */
export function declarationsOf({ sdk, resources }: PluginStandIn): Declarations {
  const inputs = Object.entries(resources).map(
    ([type, { declared }]) => [type, declaredInputs(sdk, declared.file, declared.name)] as const,
  );
  return { config: declaredInputs(sdk, "provider", "ProviderArgs"), resources: Object.fromEntries(inputs) };
}

interface Sdk {
  root: string;
  nested: ts.SourceFile;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022);
}

/** An interface by its name and the namespaces around it. */
function find(source: ts.SourceFile, path: readonly string[]): ts.InterfaceDeclaration {
  let statements: readonly ts.Statement[] = source.statements;
  for (const [index, name] of path.entries()) {
    if (index === path.length - 1) {
      const found = statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
      if (found) return found as ts.InterfaceDeclaration;
    }
    const space = statements.find((node) => ts.isModuleDeclaration(node) && node.name.text === name);
    const body = (space as ts.ModuleDeclaration | undefined)?.body;
    statements = body && ts.isModuleBlock(body) ? body.statements : [];
  }
  throw new Error(`${source.fileName} declares no interface ${path.join(".")}`);
}

function objectOf(declaration: ts.InterfaceDeclaration, sdk: Sdk): ObjectShape {
  const properties = declaration.members.map((member) => {
    if (!ts.isPropertySignature(member) || !member.type || !ts.isIdentifier(member.name))
      throw new Error(`${declaration.name.text} has a member that is no plain property`);
    const shape = shapeOf(member.type, sdk);
    return [member.name.text, { shape, required: member.questionToken === undefined }] as const;
  });
  return { kind: "object", name: declaration.name.text, properties: Object.fromEntries(properties) };
}

function shapeOf(type: ts.TypeNode, sdk: Sdk): Shape {
  if (ts.isUnionTypeNode(type)) {
    const [one, ...others] = type.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
    if (one && others.length === 0) return shapeOf(one, sdk);
  } else if (ts.isArrayTypeNode(type)) return { kind: "list", of: shapeOf(type.elementType, sdk) };
  else if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members;
    if (index && ts.isIndexSignatureDeclaration(index)) return { kind: "map", of: shapeOf(index.type, sdk) };
  } else if (ts.isTypeReferenceNode(type)) {
    const [space, ...path] = nameOf(type.typeName);
    const inner = type.typeArguments?.[0];
    if (space === "pulumi" && path[0] === "Input" && inner) return shapeOf(inner, sdk);
    if (space === "inputs") return objectOf(find(sdk.nested, path), sdk);
    if (space === "enums") return { kind: "string", oneOf: valuesOf(sdk.root, path) };
  }
  if (type.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
  if (type.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean" };
  if (type.kind === ts.SyntaxKind.AnyKeyword) return { kind: "any" };
  throw new Error(`a property's type has an unexpected form (${ts.SyntaxKind[type.kind]})`);
}

function nameOf(name: ts.EntityName): string[] {
  return ts.isIdentifier(name) ? [name.text] : [...nameOf(name.left), name.right.text];
}

/** The values of an enumeration, which is declared as a constant object of literals. */
function valuesOf(root: string, path: readonly string[]): string[] {
  const source = parse(join(root, "types/enums", ...path.slice(0, -1), "index.d.ts"));
  const values: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === path.at(-1))
      node.type?.forEachChild((member) => {
        if (!ts.isPropertySignature(member) || !member.type || !ts.isLiteralTypeNode(member.type)) return;
        if (ts.isStringLiteral(member.type.literal)) values.push(member.type.literal.text);
      });
    else node.forEachChild(visit);
  };
  visit(source);
  if (values.length === 0) throw new Error(`${source.fileName} has no values for ${path.join(".")}`);
  return values;
}
