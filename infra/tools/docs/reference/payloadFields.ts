import { z } from 'zod';
import { attributes } from '../../../../shared/child/attributes/attributes.js';
import type { AttributePath } from '../../../../shared/child/attributes/attribute.js';
import { codedFields, newestCodeLists, type CodedField } from '../../../../shared/child/codes/codeLists.js';
import { childSchemaOf } from '../../../../shared/child/payload.js';

type Node = z.core.JSONSchema.BaseSchema;

/** An attribute of the payload, as its schema has it. */
export interface PayloadField {
  readonly path: AttributePath;
  /** As DfE's list writes it: `[].social_care_episodes[].referral_date`. */
  readonly jsonPath: string;
  /** The block or item that it is in; the record of the child is in none. */
  readonly block: AttributePath | undefined;
  readonly isNeeded: boolean;
  /** A word for its type, with its format: `date yyyy-MM-dd`. */
  readonly type: string;
  readonly length: string | undefined;
  readonly pattern: string | undefined;
  readonly codeList: CodedField | undefined;
  /** The attributes of a block, or of an item of a list. */
  readonly parts: readonly AttributePath[];
  readonly hasPurge: boolean;
}

export function isAttributePath(path: string): path is AttributePath {
  return Object.hasOwn(attributes, path);
}

/**
 * Every attribute of the payload that the schema has, in its order. `purge` is part of its block.
 * @throws Error where the schema has an attribute that the catalogue does not have
 */
export function payloadFields(): readonly PayloadField[] {
  const schema = z.toJSONSchema(childSchemaOf(newestCodeLists), { reused: 'inline' });
  return fieldsAt({ path: 'child', jsonPath: '[]', block: undefined, isNeeded: true }, schema);
}

type Place = Pick<PayloadField, 'path' | 'jsonPath' | 'block' | 'isNeeded'>;

function fieldsAt(place: Place, node: Node): readonly PayloadField[] {
  const item = itemOf(node);
  const below = Object.entries(item?.properties ?? {})
    .filter(([key]) => key !== 'purge')
    .map(([key, its]) => {
      if (typeof its === 'boolean') throw new Error(`${key} has no schema`);
      const path = place.path === 'child' ? key : `${place.path}.${key}`;
      if (!isAttributePath(path)) throw new Error(`${path} is not in shared/child/attributes/`);
      const isList = itemOf(its) !== undefined && its.type === 'array';
      const jsonPath = `${place.jsonPath}.${key}${isList ? '[]' : ''}`;
      const isNeeded = item?.required?.includes(key) ?? false;
      return { place: { path, jsonPath, block: place.path, isNeeded }, node: its };
    });
  const value = valueOf(node);
  const field: PayloadField = {
    ...place,
    type: typeOf(node, value),
    length: lengthOf(node, value),
    pattern: value.pattern,
    codeList: codeListOf(value),
    parts: below.map((one) => one.place.path),
    hasPurge: item?.properties?.['purge'] !== undefined,
  };
  return [field, ...below.flatMap((one) => fieldsAt(one.place, one.node))];
}

/** The object that a block is, or that the items of a list are. */
function itemOf(node: Node): Node | undefined {
  const value = valueOf(node);
  return value.type === 'object' ? value : undefined;
}

function valueOf(node: Node): Node {
  const { items } = node;
  return typeof items === 'object' && !Array.isArray(items) ? items : node;
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'block of attributes',
  string: 'text',
  boolean: '`true` or `false`',
  integer: 'whole number',
};
const formatNames: Readonly<Record<string, string>> = {
  id: 'id',
  date: 'date `yyyy-MM-dd`',
  code: 'code',
};

function typeOf(node: Node, value: Node): string {
  const name = formatNames[value.format ?? ''] ?? typeNames[String(value.type)];
  if (name === undefined) throw new Error(`The schema has a type without a name: ${String(value.type)}`);
  return node.type === 'array' ? `list; each item is a ${name}` : name;
}

function lengthOf(node: Node, value: Node): string | undefined {
  const codeList = codeListOf(value);
  const longest =
    codeList === undefined
      ? value.maxLength
      : Math.max(...[...newestCodeLists[codeList]].map((code) => code.length));
  const limits = [
    ...(node.maxItems === undefined ? [] : [`at most ${String(node.maxItems)} items`]),
    ...(longest === undefined ? [] : [`at most ${String(longest)} character${longest === 1 ? '' : 's'}`]),
    ...(value.maximum === undefined || value.minimum === undefined
      ? []
      : [`${String(value.minimum)} to ${String(value.maximum)}`]),
  ];
  return limits.length === 0 ? undefined : limits.join(', each ');
}

function codeListOf(value: Node): CodedField | undefined {
  return codedFields.find((field) => field === value['codeList']);
}
