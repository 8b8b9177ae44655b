import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../../infra/tools/docs/openApi.js';

const name = 'openapi.json';
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addSchema(openApiDocument(), name);

/** What a schema of `docs/openapi.json` finds wrong with a value; quotes nothing of it. */
export function schemaErrors(schema: Readonly<Record<string, unknown>>, value: unknown): string[] {
  const { $ref } = schema;
  const validate = ajv.compile(typeof $ref === 'string' ? { $ref: `${name}${$ref}` } : schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}
