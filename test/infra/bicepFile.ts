import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { projectRoot } from '../local/migrations.js';

/** What is not a literal: a name, a call, a condition, a string with something put in. */
export class Expression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value as it is written in a Bicep file. Literals are themselves, anything to be worked out is an `Expression`. */
export type Value = string | number | boolean | null | Expression | Value[] | BicepObject;
export type BicepObject = Map<string, Value>;

export type Kind = 'param' | 'var' | 'resource' | 'module' | 'output' | 'type';

export interface Declaration {
  /** Path below `infra/`. */
  readonly file: string;
  readonly kind: Kind;
  readonly name: string;
  /** The text of the arguments, by the name of the decorator. */
  readonly decorators: ReadonlyMap<string, string>;
  /** Of a resource its type without version, of a module its path as written; else empty. */
  readonly reference: string;
  readonly isExisting: boolean;
  /** What the declaration is repeated for, as written. */
  readonly loopOver: string | undefined;
  /** On what it depends whether it is made, as written. */
  readonly condition: string | undefined;
  /** The body of a resource or module, the default of a parameter, the value of anything else. */
  readonly value: Value | undefined;
  /** Of an object type its properties with their descriptions. */
  readonly described: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
}

const kinds: Readonly<Record<string, Kind>> = {
  parameter_declaration: 'param',
  variable_declaration: 'var',
  resource_declaration: 'resource',
  module_declaration: 'module',
  output_declaration: 'output',
  type_declaration: 'type',
};

/** Loads the grammar and returns what reads a file below `infra/`. */
export async function bicepReader(): Promise<(path: string) => BicepFile> {
  await Parser.init();
  const grammar = join(projectRoot, 'node_modules', 'tree-sitter-bicep', 'tree-sitter-bicep.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (path) => {
    const text = readFileSync(join(projectRoot, 'infra', path), 'utf8');
    const tree = parser.parse(path.endsWith('.bicepparam') ? asVariables(text) : text);
    if (tree === null || tree.rootNode.hasError)
      throw new Error(`${path} is no Bicep that the grammar reads`);
    return { path, text, declarations: declarationsOf(path, tree.rootNode) };
  };
}

/** The grammar knows no parameter files: it reads `param x = 1` as a variable, and no `using`. */
function asVariables(text: string): string {
  return text.replace(/^using .*$/m, '').replace(/^param /gm, 'var ');
}

function declarationsOf(file: string, root: Node): Declaration[] {
  const found: Declaration[] = [];
  let decorators = new Map<string, string>();
  for (const node of partsOf(root)) {
    if (node.type === 'decorators') {
      decorators = decoratorsOf(node);
      continue;
    }
    const kind = kinds[node.type];
    if (kind !== undefined) found.push(declarationOf(file, kind, node, decorators));
    decorators = new Map();
  }
  return found;
}

function declarationOf(
  file: string,
  kind: Kind,
  node: Node,
  decorators: ReadonlyMap<string, string>,
): Declaration {
  const [name, ...rest] = partsOf(node);
  const last = rest.at(-1);
  const loop = last?.type === 'for_statement' ? last : undefined;
  const isPlaced = kind === 'resource' || kind === 'module';
  // A parameter without a default ends with its type.
  const hasValue = kind !== 'param' || rest.length > 1;
  return {
    file,
    kind,
    name: name?.text ?? '',
    decorators,
    reference: isPlaced ? (rest[0]?.text.slice(1, -1).split('@')[0] ?? '') : '',
    isExisting: node.children.some((child) => child.type === 'existing'),
    loopOver: loop === undefined ? undefined : partsOf(loop).at(-2)?.text,
    condition: last === undefined ? undefined : conditionOf(last),
    value: hasValue && last !== undefined ? valueOf(isPlaced ? bodyOf(last) : last) : undefined,
    described: kind === 'type' && last?.type === 'object' ? describedOf(last) : new Map(),
  };
}

/** The object inside `if (…) { … }` and `[for … : { … }]`. */
function bodyOf(node: Node): Node {
  const inner = partsOf(node).at(-1);
  return (node.type === 'for_statement' || node.type === 'if_statement') && inner ? bodyOf(inner) : node;
}

/** The condition of `if (…) { … }` and `[for … : if (…) { … }]`, without its parentheses. */
function conditionOf(node: Node): string | undefined {
  if (node.type === 'for_statement') {
    const inner = partsOf(node).at(-1);
    return inner && conditionOf(inner);
  }
  return node.type === 'if_statement' ? partsOf(node)[0]?.text.slice(1, -1) : undefined;
}

function describedOf(node: Node): Map<string, ReadonlyMap<string, string>> {
  const properties = new Map<string, ReadonlyMap<string, string>>();
  let decorators = new Map<string, string>();
  for (const part of partsOf(node)) {
    if (part.type === 'decorators') decorators = decoratorsOf(part);
    else {
      properties.set(partsOf(part)[0]?.text ?? '', decorators);
      decorators = new Map();
    }
  }
  return properties;
}

function decoratorsOf(node: Node): Map<string, string> {
  return new Map(
    partsOf(node).map((decorator) => {
      const [, name = '', written = ''] = /^@(?:sys\.)?(\w+)\((.*)\)$/s.exec(decorator.text) ?? [];
      return [name, written];
    }),
  );
}

function valueOf(node: Node): Value {
  switch (node.type) {
    case 'string':
      return node.children.some((child) => child.type === 'interpolation')
        ? new Expression(node.text)
        : node.text.slice(1, -1).replace(/\\(.)/g, '$1');
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'null':
      return null;
    case 'array':
      return isTakenApart(node) ? new Expression(node.text) : partsOf(node).map(valueOf);
    case 'object':
      return new Map(
        partsOf(node).flatMap((property) => {
          const [key, value] = partsOf(property);
          return key && value ? [[key.text.replace(/^'(.*)'$/, '$1'), valueOf(value)]] : [];
        }),
      );
    default:
      return new Expression(node.text);
  }
}

/** The grammar reads `[f(x)]` as the two items `f` and `(x)`. */
function isTakenApart(array: Node): boolean {
  return partsOf(array).some(({ type }) => type === 'parenthesized_expression');
}

function partsOf(node: Node): Node[] {
  return node.namedChildren.filter(({ type }) => type !== 'comment' && type !== 'diagnostic_comment');
}
