import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { before, describe, test } from 'node:test';
import ts from 'typescript';
import { stagingSql } from '../../shared/staging/stagingSql.js';
import { projectRoot } from '../local/migrations.js';
import { recordAll, type Recording } from './recording.js';

/** `shared/ssd/ssdReader.ts:219` of each call of `Queryable.query` and `Database.queryTogether` in `shared/` and `functions/`. */
function placesThatAsk(): string[] {
  const configFile = join(projectRoot, 'tsconfig.json');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    projectRoot,
  );
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const interfaces = join(projectRoot, 'shared', 'database', 'database.ts');
  const places: string[] = [];
  for (const source of program.getSourceFiles()) {
    const file = relative(projectRoot, source.fileName).replaceAll('\\', '/');
    if (!/^(shared|functions)\//.test(file)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const { name } = node.expression;
        const declarations = checker.getSymbolAtLocation(name)?.declarations ?? [];
        const asks = declarations.some(
          (declaration) =>
            relative(interfaces, declaration.getSourceFile().fileName) === '' &&
            ['query', 'queryTogether'].includes(name.text),
        );
        const { line } = source.getLineAndCharacterOfPosition(name.getStart());
        if (asks) places.push(`${file}:${String(line + 1)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return places;
}

/** Files whose calls send nothing of their own to SQL Server, and why. */
const passedOver = new Map([
  ['shared/database/observed.ts', 'hands on what others ask'],
  ['shared/database/readOnly.ts', 'hands on what others ask'],
  ['shared/staging/stagingReadiness.ts', 'one call is for PostgreSQL alone'],
]);

describe('the recording of all SQL', () => {
  let recording: Recording;
  before(async () => {
    recording = await recordAll();
  });

  test('has a batch from every place in the code that asks the database', () => {
    const places = placesThatAsk();
    assert.ok(places.length > 20);
    const missed = places.filter((place) => !recording.places.has(place));
    const inFile = (file: string) => missed.filter((place) => place.startsWith(`${file}:`));
    assert.deepEqual(
      missed.filter((place) => !passedOver.has(place.slice(0, place.lastIndexOf(':')))),
      [],
    );
    assert.equal(inFile('shared/staging/stagingReadiness.ts').length, 1);
  });

  test('has nothing that changes the database of an SSD, and no temporary table, where the SSD is read', () => {
    const batches = recording.batches.filter(({ name }) => name.includes(': shared/ssd/'));
    assert.ok(batches.length > 20);
    for (const { name, sql } of batches) {
      assert.doesNotMatch(sql, /\b(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|INTO|EXEC)\b|#/i, name);
      // After what holds for the session alone.
      assert.match(sql, /^SET [^\n]*\nSELECT\b/, name);
    }
  });

  test('has every statement that writes the staging table', () => {
    const batches = recording.batches.map(({ sql }) => sql);
    const order = {
      engine: 'sqlserver',
      collation: 'SQL_Latin1_General_CP1_CI_AS',
      isUnicode: false,
    } as const;
    for (const [name, statement] of Object.entries(stagingSql('sqlserver', 'dbo.staging_varchar', order))) {
      assert.ok(
        batches.some((batch) => batch.endsWith(`\n${String(statement)}`)),
        name,
      );
    }
  });

  test('gives each parameter that a batch names a type, and names no value', () => {
    for (const { name, sql, parameters } of recording.batches) {
      const named = new Set([...sql.matchAll(/(?<![@\w])@(\w+)/g)].map(([, parameter]) => parameter ?? ''));
      const undeclared = [...named].filter(
        (parameter) => !(parameter in parameters) && !sql.includes(`DECLARE @${parameter}`),
      );
      assert.deepEqual(undeclared, [], name);
    }
  });

  test('compares ids of varchar columns in the type of the column, so that their indexes serve', () => {
    const range = recording.batches.find(
      ({ name, sql }) =>
        name.startsWith('mosaic_sql: shared/ssd/ssdReader.ts') &&
        sql.includes('@after') &&
        sql.includes('ssd_cin_plans'),
    );
    assert.ok(range);
    assert.equal(range.parameters['afterVarchar'], 'varchar(8000)');
    assert.ok(
      range.sql.includes(
        'cin_plan.cinp_person_id > @afterVarchar AND cin_plan.cinp_person_id <= @upToVarchar',
      ),
    );
    // The authority's own lists, and the staging table, whose ids are nvarchar and of another collation.
    assert.ok(range.sql.includes('t.person_id > @afterVarchar'));
    assert.ok(
      range.sql.includes(
        'CAST(t.person_id COLLATE SQL_Latin1_General_CP1_CI_AS AS varchar(8000)) > @afterVarchar',
      ),
    );
  });
});
