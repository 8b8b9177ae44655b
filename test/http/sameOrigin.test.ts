import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSameOrigin } from '../../shared/http/sameOrigin.js';

const url = 'https://council.example/api/dashboard/rerun';

function comesFromHere(headers: Record<string, string>): boolean {
  return isSameOrigin(new Headers(headers), url);
}

describe('a form', () => {
  it('is taken from a page of this site', () => {
    assert.ok(comesFromHere({ 'sec-fetch-site': 'same-origin', origin: 'https://council.example' }));
  });

  it('is taken behind a gateway that gives the app another host than the browser sees', () => {
    assert.ok(comesFromHere({ 'sec-fetch-site': 'same-origin', origin: 'https://gateway.example' }));
  });

  it('is refused from any other site, whatever origin is said', () => {
    for (const site of ['cross-site', 'same-site', 'none']) {
      assert.ok(!comesFromHere({ 'sec-fetch-site': site, origin: 'https://council.example' }), site);
    }
  });

  it('is judged by its origin where the browser says nothing else', () => {
    assert.ok(comesFromHere({ origin: 'https://council.example' }));
    assert.ok(!comesFromHere({ origin: 'https://evil.example' }));
    assert.ok(!comesFromHere({ origin: 'null' }));
  });

  it('is refused when nothing says where it comes from', () => {
    assert.ok(!comesFromHere({}));
  });
});
