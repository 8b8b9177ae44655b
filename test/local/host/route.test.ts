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

test('a parameter that is more than a name is refused', () => {
  for (const part of ['{part?}', '{chunk:int}', '{*path}']) {
    assert.throws(() => new Route(`/api/runs/${part}`), /knows route parameters such as \{runId\}/, part);
  }
});

test('literals match in any letter case', () => {
  assert.deepEqual(new Route('/api/Runs').match('/API/runs/'), {});
});

test('a slash at the end does not matter, and a double one does', () => {
  const route = new Route('/api/runs/{runId}');
  assert.deepEqual(new Route('/api/runs').match('/api/runs/'), {});
  assert.deepEqual(route.match('/api/runs/r1/'), { runId: 'r1' });
  for (const path of ['/api//runs', '//api/runs', '/api/runs//r1', '/api/runs//']) {
    assert.equal(route.match(path), undefined, path);
  }
});

test('the more specific of two routes comes first', () => {
  const templates = ['/api/{room}/{id}', '/api/runs/{id}', '/api/runs/latest', '/api/runs'];
  const sorted = templates
    .map((template) => ({ template, route: new Route(template) }))
    .sort((a, b) => Route.compare(a.route, b.route))
    .map(({ template }) => template);
  assert.deepEqual(sorted, ['/api/runs', '/api/runs/latest', '/api/runs/{id}', '/api/{room}/{id}']);
});

test('any value survives its way through a path', () => {
  const route = new Route('/api/runs/{runId}');
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
      assert.deepEqual(route.match(`/api/runs/${encodeURIComponent(value)}`), { runId: value });
    }),
  );
});
