import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Route } from './route.js';

test('a route gives its parameters, decoded', () => {
  assert.deepEqual(new Route('/api/runs/{runId}/chunks/{chunk}').match('/api/runs/a%20b/chunks/7'), {
    runId: 'a b',
    chunk: '7',
  });
});

test('an optional parameter may be absent', () => {
  const route = new Route('/api/runs/{part?}');
  assert.deepEqual(route.match('/api/runs'), {});
  assert.deepEqual(route.match('/api/runs/findings'), { part: 'findings' });
  assert.equal(route.match('/api/runs/findings/more'), undefined);
});

test('a constraint is no part of the name, and a value against it is no match', () => {
  const route = new Route('/api/chunks/{chunk:int}');
  assert.deepEqual(route.match('/api/chunks/12'), { chunk: '12' });
  assert.equal(route.match('/api/chunks/twelve'), undefined);
});

test('a rest parameter takes all that follows', () => {
  assert.deepEqual(new Route('/api/files/{*path}').match('/api/files/a/b.csv'), { path: 'a/b.csv' });
});

test('literals match in any letter case', () => {
  assert.deepEqual(new Route('/api/Runs').match('/API/runs/'), {});
});

test('a slash at the end does not matter, and a double one does', () => {
  const route = new Route('/api/runs/{runId?}');
  assert.deepEqual(route.match('/api/runs/'), {});
  assert.deepEqual(route.match('/api/runs/r1/'), { runId: 'r1' });
  for (const path of ['/api//runs', '//api/runs', '/api/runs//r1', '/api/runs//']) {
    assert.equal(route.match(path), undefined, path);
  }
});

test('the more specific of two routes comes first', () => {
  const templates = ['/api/{*rest}', '/api/runs/{id}', '/api/runs/{id:int}', '/api/runs/latest', '/api/runs'];
  const sorted = templates
    .map((template) => ({ template, route: new Route(template) }))
    .sort((a, b) => Route.compare(a.route, b.route))
    .map(({ template }) => template);
  assert.deepEqual(sorted, [
    '/api/runs',
    '/api/runs/latest',
    '/api/runs/{id:int}',
    '/api/runs/{id}',
    '/api/{*rest}',
  ]);
});

test('any value survives its way through a path', () => {
  const route = new Route('/api/runs/{runId}');
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
      assert.deepEqual(route.match(`/api/runs/${encodeURIComponent(value)}`), { runId: value });
    }),
  );
});
