import type { Principal, Role } from '../access/principal.js';
import type { RunId } from '../records/runId.js';
import type { Page } from './page.js';
import { paths } from './paths.js';
import { roleTexts } from './words.js';

/** For a visitor who is not signed in. */
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
        If you cannot sign in, Entra ID authentication may not be set up for this app: contact your support
        team.
      </p>
    </>
  ),
};

/** For a visitor without the role that is needed. */
export function forbiddenPage(visitor: Principal, needed: Role): Page {
  const given = [...visitor.roles].map((role) => roleTexts[role]);
  return {
    status: 403,
    title: 'You do not have access',
    content: (
      <>
        <h1 class="govuk-heading-l">You do not have access</h1>
        <p class="govuk-body">You need the role {roleTexts[needed]}.</p>
        <p class="govuk-body">
          You have {given.length === 0 ? 'no role here' : `the role ${given.join(' and ')}`}. The person who
          manages the app in Entra ID can give you a role: reader, operator or data officer.
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
            Go to last night’s run
          </a>
        </p>
      </>
    ),
  };
}

export const notFoundPage = message(404, 'Page not found', <>There is no run with this id.</>);

export const crossSitePage = message(
  403,
  'Nothing was done',
  <>The request did not come from a form on these pages. Open the page again and use its form.</>,
);

export const notPlannedPage = message(
  409,
  'Not known yet',
  <>The run has not finished reading the SSD, so the list would not be complete. Try again when it has.</>,
);

export const noFiguresPage = message(
  404,
  'No figures',
  <>
    This run kept no figures for the dress rehearsal: a version before 0.4 made it. A run of this version
    keeps them, also a dry run.
  </>,
);

/** The pages that are shown when something is wrong link to what helps to find it. */
function BundleToSend() {
  return (
    <>
      Send them the{' '}
      <a class="govuk-link" href={paths.supportBundle}>
        support bundle
      </a>
      , which says nothing about any child.
    </>
  );
}

export const troublePage = message(
  500,
  'Sorry, there is a problem',
  <>
    We could not show this page, and nothing was changed. Try again in a few minutes. If it happens again,
    contact your support team: the preflight shows what is wrong. <BundleToSend />
  </>,
);

/** The request failed, maybe after it was recorded. */
export const uncertainPage = message(
  500,
  'Sorry, there is a problem',
  <>
    We cannot tell whether what you asked for was done. Look at the runs before you try again. If it happens
    again, contact your support team: the preflight shows what is wrong. <BundleToSend />
  </>,
);

/** A run cannot start while another is in progress. */
export function busyPage(runId: RunId): Page {
  return message(
    409,
    'Another run is in progress',
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
