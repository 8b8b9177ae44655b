import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { indexFunctions } from '../local/host/indexing.js';
import { loadApp } from '../local/host/loading.js';
import { projectRoot } from '../local/migrations.js';
import { openApiDocument, openApiText, type Operation } from '../../infra/tools/docs/openApi.js';
import { schemaErrors } from './openApiSchemas.js';

const document = openApiDocument();

function operations(): { readonly line: string; readonly operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      line: `${method.toUpperCase()} ${path} by ${operation['x-function']}, ${keyOf(operation)}`,
      operation,
    })),
  );
}

function keyOf({ security }: Operation): string {
  const withKey = security.filter((one) => 'functionKey' in one || 'functionKeyInAddress' in one);
  if (withKey.length === 0) return 'anonymous';
  return withKey.length === security.length ? 'function' : 'with a key or without';
}

/** What the compiled app registers, as the host indexes it. */
function registered(): string[] {
  const { app, unload } = loadApp(projectRoot, () => undefined);
  try {
    const settings = { RUN_SCHEDULE: '0 0 2 * * *', AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    const functions = indexFunctions(app, settings, (name, message) => {
      assert.fail(`${name}: ${message}`);
    });
    return functions.flatMap(({ name, trigger }) =>
      trigger.type === 'httpTrigger'
        ? trigger.methods.map((method) => `${method} ${trigger.route} by ${name}, ${trigger.authLevel}`)
        : [],
    );
  } finally {
    unload();
  }
}

describe('docs/openapi.json', () => {
  test('says what the code says (npm run docs writes it)', () => {
    const file = readFileSync(join(projectRoot, 'docs', 'openapi.json'), 'utf8');
    // Without the texts: they are long.
    assert.ok(file === openApiText(), 'docs/openapi.json is not what npm run docs writes');
  });

  test('lists every function that HTTP starts, by which method and whether with a key, and nothing else', () => {
    const told = new Set(operations().map(({ line }) => line));
    const there = new Set(registered());
    assert.ok(there.size > 5);
    const missing = [...there].filter((line) => !told.has(line));
    const gone = [...told].filter((line) => !there.has(line));
    assert.deepEqual(
      { 'to be added to infra/tools/docs/openApiCalls.ts': missing, 'to be taken out of it': gone },
      { 'to be added to infra/tools/docs/openApiCalls.ts': [], 'to be taken out of it': [] },
    );
  });

  test('is a valid document of OpenAPI 3.1', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApiDocument());
    assert.ok(valid, JSON.stringify(errors, null, 1));
    assert.equal(validator.version, '3.1');
  });

  test('gives examples that its own schemas take', () => {
    for (const { operation } of operations()) {
      const { requestBody, responses, operationId } = operation;
      const all = [
        requestBody?.content ?? {},
        ...Object.values(responses).map(({ content = {} }) => content),
      ];
      for (const content of all) {
        for (const { schema, example } of Object.values(content)) {
          if (schema === undefined || example === undefined) continue;
          assert.deepEqual(schemaErrors(schema, example), [], `${operationId}: ${JSON.stringify(example)}`);
        }
      }
    }
  });
});
