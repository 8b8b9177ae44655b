import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { childSchema, UNIQUE_BY } from './rules.js';

/** What is wrong with one child: `.social_care_episodes[0].referral_source` ('' = the child itself) and why. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

type Verdict =
  | { readonly sound: true; readonly record: ChildRecord }
  | { readonly sound: false; readonly violations: readonly Violation[] };

/** One child as it was sent, found valid by the judge. */
export interface ChildRecord extends JsonObject {
  readonly la_child_id: string;
}

/** Judges one child by rules.ts. Messages name fields and rules, never values. */
export function judge(child: Json): Verdict {
  // Compiled once: that takes longer than many runs against a simulated DfE.
  validate ??= compiled();
  if (!validate(child)) return { sound: false, violations: violationsOf(validate.errors ?? []) };
  if (isChildRecord(child)) return { sound: true, record: child };
  throw new Error('The rules let a child without la_child_id through.');
}

let validate: ValidateFunction | undefined;

function compiled(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true });
  addFormats(ajv, ['date']);
  ajv.addKeyword({
    keyword: UNIQUE_BY,
    type: 'array',
    schemaType: 'string',
    validate: (idName: string, items: readonly Json[]) => {
      const ids = items.flatMap((item) => (isJsonObject(item) ? [item[idName]] : []));
      return new Set(ids).size === ids.length;
    },
  });
  return ajv.compile(childSchema());
}

function isChildRecord(child: Json): child is ChildRecord {
  return isJsonObject(child) && typeof child['la_child_id'] === 'string';
}

/** The rule between the children of a batch: a child is in it once (not published; else the order would decide). */
export function repeatedChildren(batch: readonly Json[]): ReadonlySet<number> {
  const seen = new Set<Json>();
  const repeated = new Set<number>();
  for (const [index, child] of batch.entries()) {
    const id = isJsonObject(child) ? child['la_child_id'] : undefined;
    if (id === undefined) continue;
    if (seen.has(id)) repeated.add(index);
    seen.add(id);
  }
  return repeated;
}

function violationsOf(errors: readonly ErrorObject[]): readonly Violation[] {
  const found = new Map<string, Violation>();
  for (const error of errors) {
    if (error.keyword === 'if') continue; // says only that a branch failed; the branch says why
    const violation = { path: pathOf(error), message: messageOf(error) };
    found.set(`${violation.path}: ${violation.message}`, violation);
  }
  return [...found.values()];
}

function pathOf(error: ErrorObject): string {
  const steps = error.instancePath.split('/').slice(1);
  const { missingProperty, additionalProperty } = parameters(error);
  const field = missingProperty ?? additionalProperty;
  if (field !== undefined) steps.push(field);
  return steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
}

function messageOf(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return 'is mandatory';
    case 'additionalProperties':
      return 'is not an attribute of the specification at this place';
    case 'not':
      return 'unique_pupil_number and unique_pupil_number_unknown_reason exclude each other';
    case UNIQUE_BY:
      return 'two items have the same id';
    default:
      return error.message ?? 'is not valid';
  }
}

function parameters(error: ErrorObject): { missingProperty?: string; additionalProperty?: string } {
  const found: { missingProperty?: string; additionalProperty?: string } = {};
  const params: unknown = error.params;
  if (typeof params !== 'object' || params === null) return found;
  if ('missingProperty' in params && typeof params.missingProperty === 'string') {
    found.missingProperty = params.missingProperty;
  }
  if ('additionalProperty' in params && typeof params.additionalProperty === 'string') {
    found.additionalProperty = params.additionalProperty;
  }
  return found;
}
