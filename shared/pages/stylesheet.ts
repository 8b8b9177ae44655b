import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ownStyles } from './styles.js';

/** The stylesheet of all pages, and a name that changes with every change of it. */
interface Stylesheet {
  readonly css: string;
  readonly file: string;
  readonly path: string;
}

let made: Stylesheet | undefined;

/**
 * GOV.UK's own styles and ours. The typeface GDS Transport and the crest are licensed for gov.uk addresses only: they are
 * neither named nor loaded here.
 */
export function stylesheet(): Stylesheet {
  return (made ??= makeStylesheet());
}

function makeStylesheet(): Stylesheet {
  const source = createRequire(__filename).resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css');
  const govuk = readFileSync(source, 'utf8')
    .replace(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial', 'arial')
    .replace(/[a-z-]+:url\(\/assets\/[^)]*\)[^;}]*;?/g, '')
    // The notice of the typeface, and where a debugger would find the source.
    .replace(/\/\*![^*]*Margaret Calvert[^*]*\*\/|\/\*#[^*]*\*\//g, '');
  const css = `${govuk}\n${ownStyles}`;
  const file = `pages-${createHash('sha256').update(css).digest('hex').slice(0, 16)}.css`;
  return { css, file, path: `/api/dashboard/assets/${file}` };
}
