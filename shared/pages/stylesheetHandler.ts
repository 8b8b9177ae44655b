import { guardedHeaders } from './pageAnswer.js';
import { stylesheet } from './stylesheet.js';

/** The stylesheet: it holds no data, and its name changes with it, so that it may be kept for ever. */
export function handler({ params }: { readonly params: Readonly<Record<string, string>> }) {
  const { css, file } = stylesheet();
  if (params['file'] !== file) return Promise.resolve({ status: 404, headers: guardedHeaders });
  const headers = {
    ...guardedHeaders,
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/css; charset=utf-8',
  };
  return Promise.resolve({ status: 200, headers, body: css });
}
