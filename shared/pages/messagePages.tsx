import type { Principal, Role } from '../access/principal.js';
import type { RunId } from '../records/runId.js';
import type { Page } from './page.js';
import { paths } from './paths.js';
import { roleTexts } from './words.js';

/** Nobody is signed in. */
export const signInPage: Page = {
  status: 401,
  title: 'Sign in',
  content: (
    <>
      <h1 class="govuk-heading-l">Sign in</h1>
      <p class="govuk-body">You need to sign in with your council account to see these pages.</p>
      <p class="govuk-body">
        <a class="govuk-button" href={paths.signIn} draggable={false}>
          Sign in
        </a>
      </p>
      <p class="govuk-body">
        If signing in does not work, Entra ID authentication is not set up for this app: tell your support.
      </p>
    </>
  ),
};

/** Somebody is signed in, and it is not open to them. */
export function forbiddenPage(visitor: Principal, needed: Role): Page {
  const held = [...visitor.roles].map((role) => roleTexts[role]);
  return {
    status: 403,
    title: 'You do not have access',
    content: (
      <>
        <h1 class="govuk-heading-l">You do not have access</h1>
        <p class="govuk-body">You need the role {roleTexts[needed]}.</p>
        <p class="govuk-body">
          You have {held.length === 0 ? 'no role here' : `the role ${held.join(' and ')}`}. The roles are
          reader, operator and data officer; whoever looks after the app in Entra ID gives them.
        </p>
      </>
    ),
  };
}

function message(status: number, title: string, text: Page['content']): Page {
  return {
    status,
    title,
    content: (
      <>
        <h1 class="govuk-heading-l">{title}</h1>
        <p class="govuk-body">{text}</p>
        <p class="govuk-body">
          <a class="govuk-link" href={paths.dashboard}>
            Go to last night
          </a>
        </p>
      </>
    ),
  };
}

export const notFoundPage = message(404, 'Page not found', <>There is no run of this id.</>);

export const crossSitePage = message(
  403,
  'Nothing was done',
  <>The request did not come from a form of these pages. Open the page again and send its form from there.</>,
);

export const notPlannedPage = message(
  409,
  'Not known yet',
  <>The run has not read the SSD to its end, so the list would not be complete. Come back when it has.</>,
);

export const troublePage = message(
  500,
  'Sorry, there is a problem',
  <>
    The page could not be made and nothing was changed. Try again in a few minutes. If it happens again, tell
    your support: the preflight says what is wrong.
  </>,
);

/** What was asked for failed on the way, maybe after it was recorded. */
export const uncertainPage = message(
  500,
  'Sorry, there is a problem',
  <>
    It is not certain whether what you asked for was done. Look at the runs before you try again. If it
    happens again, tell your support: the preflight says what is wrong.
  </>,
);

/** A run cannot be begun while another has the turn. */
export function busyPage(runId: RunId): Page {
  return message(
    409,
    'Another run has the turn',
    <>
      Nothing was started. Wait for{' '}
      <a class="govuk-link" href={paths.run(runId)}>
        that run
      </a>{' '}
      to end, or cancel it.
    </>,
  );
}

/** A decision that comes too late. */
export function tooLatePage(why: string, runId: RunId): Page {
  return message(
    409,
    'Nothing was changed',
    <>
      {why}{' '}
      <a class="govuk-link" href={paths.run(runId)}>
        Look at the run
      </a>
      .
    </>,
  );
}
