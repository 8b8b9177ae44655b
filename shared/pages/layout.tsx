import { renderToString } from 'preact-render-to-string';
import { mayAs, type Principal } from '../access/principal.js';
import { titlesOf, type Category } from '../child/categories.js';
import type { HelpAddresses } from '../settings/helpSettings.js';
import type { Page } from './page.js';
import { paths } from './paths.js';
import { roleTexts } from './words.js';

const serviceName = 'Children’s social care data for DfE';

interface Surroundings {
  /** Who looks at the page; `undefined` without a sign-in. */
  readonly visitor: Principal | undefined;
  /** The address of the stylesheet. */
  readonly stylesheet: string;
  /** The categories that are not shared. */
  readonly leftOut: readonly Category[];
  readonly help: HelpAddresses;
}

/** The whole document. Everything put into it is escaped by the library. */
export function documentOf(page: Page, surroundings: Surroundings): string {
  return `<!DOCTYPE html>${renderToString(<Document page={page} {...surroundings} />)}`;
}

function Document({ page, visitor, stylesheet, leftOut, help }: Surroundings & { readonly page: Page }) {
  return (
    <html lang="en" class="govuk-template">
      <head>
        <meta charset="utf-8" />
        <title>{`${page.title} – ${serviceName}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex, nofollow" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={stylesheet} />
      </head>
      <body class="govuk-template__body">
        <a href="#main-content" class="govuk-skip-link">
          Skip to main content
        </a>
        <header class="app-header">
          <div class="govuk-width-container">
            <a href={paths.dashboard} class="app-header__name">
              {serviceName}
            </a>
            {visitor && <Navigation visitor={visitor} />}
          </div>
        </header>
        <div class="govuk-width-container">
          <main class="govuk-main-wrapper" id="main-content" tabIndex={-1}>
            {page.content}
          </main>
        </div>
        <footer class="govuk-footer app-footer">
          <div class="govuk-width-container">
            {visitor && leftOut.length > 0 && (
              <p class="govuk-body-s">Not shared with DfE, by the settings: {titlesOf(leftOut)}.</p>
            )}
            <Help help={help} />
            {visitor && <SignedIn visitor={visitor} />}
          </div>
        </footer>
      </body>
    </html>
  );
}

/** Links to the pages that the visitor may open. */
function Navigation({ visitor }: { readonly visitor: Principal }) {
  return (
    <nav aria-label="Pages">
      <ul class="app-header__links">
        <li>
          <a href={paths.dashboard}>Last night’s run</a>
        </li>
        <li>
          <a href={paths.children}>Children by state</a>
        </li>
        {mayAs(visitor, 'operator') && (
          <li>
            <a href={paths.rerun}>Start a run</a>
          </li>
        )}
      </ul>
    </nav>
  );
}

function Help({ help }: { readonly help: HelpAddresses }) {
  return (
    <p class="govuk-body-s">
      Get help from{' '}
      <a class="govuk-footer__link" href={help.d2i}>
        Data to Insight
      </a>
      , or read the{' '}
      <a class="govuk-footer__link" href={help.dfe}>
        guidance from DfE
      </a>
      .
    </p>
  );
}

function SignedIn({ visitor }: { readonly visitor: Principal }) {
  const roles = [...visitor.roles].map((role) => roleTexts[role]);
  return (
    <p class="govuk-body-s govuk-!-margin-bottom-0">
      Signed in as {visitor.name}
      {roles.length > 0 ? ` (${roles.join(', ')})` : ''}.{' '}
      <a class="govuk-footer__link" href={paths.signOut}>
        Sign out
      </a>
    </p>
  );
}
