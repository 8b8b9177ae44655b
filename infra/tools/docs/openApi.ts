import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../projectRoot.js';
import { calls, exampleRunId } from './openApiCalls.js';
import { pages, type PageCall } from './openApiPages.js';
import { answerSchemas, requestSchemas, type Call } from './openApiSchemas.js';

type Json = Record<string, unknown>;

interface Response extends Json {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Json; readonly example?: unknown }>>;
}

export interface Operation extends Json {
  readonly operationId: string;
  /** The name of the function that answers. */
  readonly 'x-function': string;
  readonly 'x-role'?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Json; readonly example: unknown } };
  };
  readonly responses: Readonly<Record<string, Response>>;
}

interface OpenApiDocument extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** `docs/openapi.json`: OpenAPI 3.1, from the very schemas that read requests and shape answers. */
export function openApiDocument(): OpenApiDocument {
  const packageFile: unknown = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(packageFile);
  return {
    openapi: '3.1.1',
    info: {
      title: 'csc-api-sender',
      version,
      summary: "Runs that send a council's children's social care records to the Department for Education.",
      description:
        'Made from the code by `npm run docs`. In words: http.md. Every answer has `Cache-Control: no-store` and `X-Content-Type-Options: nosniff`. An error of the app itself is answered with 500 and no body; the reason is in Application Insights.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'https://{host}', variables: { host: { default: 'your-app.azurewebsites.net' } } }],
    tags: [
      { name: 'API', description: 'JSON, and lists as CSV and as workbooks, with a function key.' },
      { name: 'pages', description: 'Web pages, for people who are signed in with Entra ID.' },
    ],
    paths: pathsOf([...calls.map(callOperation), ...pages.flatMap(pageOperations)]),
    components: {
      schemas: { ...jsonSchemas(requestSchemas, 'input'), ...jsonSchemas(answerSchemas, 'output') },
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionKeyInAddress: {
          type: 'apiKey',
          in: 'query',
          name: 'code',
          description: 'Addresses are logged on the way: prefer the header.',
        },
        entra: {
          type: 'openIdConnect',
          openIdConnectUrl:
            'https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration',
          description:
            "Where App Service authentication with the council's Entra ID is in front of the app: a bearer token, or the cookie of a sign-in. What its app roles (reader, operator, data-officer, deployer, ssd-refresh) do not allow is answered with 403.",
        },
      },
    },
  };
}

/** The document as it is in its file. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

interface PathOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function pathsOf(operations: readonly PathOperation[]): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, operation } of operations) (paths[path] ??= {})[method] = operation;
  return paths;
}

const keyed = [
  { functionKey: [] },
  { functionKeyInAddress: [] },
  { functionKey: [], entra: [] },
  { functionKeyInAddress: [], entra: [] },
];

function callOperation(call: Call): PathOperation {
  const { name, method, path, role, summary, description, query, body, answers } = call;
  const parameters = [...pathParameters(path), ...(query === undefined ? [] : queryParameters(query))];
  const operation = {
    operationId: name,
    tags: ['API'],
    summary,
    description: `${description}\n\nRole: ${role}.`,
    'x-function': name,
    'x-role': role,
    security: keyed,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(body) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...(body?.required === true ? { 411: lostBody(body.example) } : {}),
      401: {
        ...problem(
          'The function key is missing or wrong (then the answer has no body), or a key alone is not enough: sign in.',
          {
            error: `HTTP_NEEDS_SIGN_IN says that a function key alone is not enough. Sign in with Entra ID as someone who has the app role ${role}, and send the token with the key.`,
            role,
          },
        ),
        headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
      },
      403: problem(
        'Who is signed in lacks the role that is named; or, where no role is named, a page of another site has made the browser ask.',
        {
          error: `This needs the app role ${role} in Entra ID. You are signed in and have none of the roles of this app. The person who manages the app registration can give it.`,
          role,
        },
      ),
    },
  };
  return { path, method, operation };
}

function pageOperations({ name, methods, path, role, summary, contentType }: PageCall): PathOperation[] {
  return methods.map((method, index) => ({
    path,
    method,
    operation: {
      operationId: index === 0 ? name : `${name}-${method}`,
      tags: ['pages'],
      summary,
      'x-function': name,
      ...(role === undefined ? {} : { 'x-role': role }),
      security: role === undefined ? [] : [{ entra: [] }],
      ...(path.includes('{') ? { parameters: pathParameters(path) } : {}),
      responses: {
        default: {
          description: 'The page, also when access is refused.',
          content: { [contentType]: { schema: { type: 'string' } } },
        },
      },
    },
  }));
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...(name === 'runId' ? { examples: [exampleRunId] } : {}) },
  }));
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input', override: plainer });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function requestBodyOf({ schema, required, example }: NonNullable<Call['body']>) {
  return { required, content: { 'application/json': { schema: reference(schema), example } } };
}

function responseOf(answer: Call['answers'][number]): Response {
  if ('csv' in answer) {
    return {
      description: answer.what,
      headers: { 'Content-Disposition': { schema: { type: 'string' } } },
      content: { 'text/csv': { schema: { type: 'string' }, example: answer.csv } },
    };
  }
  if ('workbook' in answer) {
    const { what, workbook } = answer;
    return {
      description: what,
      headers: { 'Content-Disposition': { schema: { type: 'string' } } },
      content: { [workbook]: { schema: { type: 'string', contentMediaType: workbook } } },
    };
  }
  const { what, schema, example } = answer;
  return { description: what, content: { 'application/json': { schema: reference(schema), example } } };
}

/** What Azure Functions makes of a body without Content-Length. */
function lostBody(example: unknown): Response {
  return problem('The body was sent in chunks and was lost. Nothing was done: send it with Content-Length.', {
    error: `The body was lost: it was sent in chunks (Transfer-Encoding), and Azure Functions drops such a body. Nothing was done. Send it with the header Content-Length: JSON such as ${JSON.stringify(example)}`,
  });
}

function problem(description: string, example: unknown): Response {
  return responseOf({ what: description, schema: 'Problem', example });
}

function reference(name: string): Json {
  return { $ref: uriOf(name) };
}

function uriOf(name: string): string {
  return `#/components/schemas/${name}`;
}

type Override = NonNullable<z.core.ToJSONSchemaParams['override']>;

/** Leaves out what does not help a reader: the pattern next to a format, and the largest possible whole number. */
const plainer: Override = ({ jsonSchema }) => {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** Named schemas, in which each refers to the others by their names. */
function jsonSchemas(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, { io, uri: uriOf, override: plainer });
  for (const schema of Object.values(made)) {
    // The document says both by itself.
    delete schema.$schema;
    delete schema.$id;
  }
  return made;
}
